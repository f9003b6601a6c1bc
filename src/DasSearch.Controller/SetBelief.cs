using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>A distribution of the effects that make up subnetworks' rewards.</summary>
/// <param name="space">The subnetworks.</param>
/// <param name="features">What their rewards are sums over.</param>
/// <param name="listed">The subnetworks one by one with their features; none where there are too many.</param>
/// <param name="mixture">The effects' distributions, with how likely each is.</param>
internal sealed class SetBelief(
    SkipSpace space,
    SetFeatures features,
    IReadOnlyList<(Subnetwork Set, int[] Features)> listed,
    IReadOnlyList<(RewardModel.Posterior Effects, double Chance)> mixture)
{
    /// <summary>The effects' means, a number for each feature.</summary>
    internal double[] Mean { get; } =
        [.. Enumerable.Range(0, features.Count).Select(i => mixture.Sum(part => part.Chance * part.Effects.Mean[i]))];

    /// <summary>Draws effects, a number for each feature.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="spread">What the noise is multiplied by, where it is drawn, too.</param>
    internal double[] Draw(Random random, double spread = 1)
    {
        var (part, left) = (0, mixture.Count > 1 ? random.NextDouble() : 0);
        while (part < mixture.Count - 1 && (left -= mixture[part].Chance) >= 0)
        {
            part++;
        }

        return mixture[part].Effects.Draw(random, spread);
    }

    /// <summary>The reward of a subnetwork by given effects, but for a level that all have in common.</summary>
    internal double Reward(Subnetwork set, double[] effects) => Sum(effects, features.Of(set));

    /// <summary>The subnetwork of the highest reward by given effects, without some.</summary>
    /// <exception cref="InvalidOperationException">There is no other.</exception>
    internal Subnetwork Best(double[] effects, IReadOnlyList<Subnetwork> without)
    {
        if (listed.Count == 0)
        {
            return space.ByScore(effects).First(set => !without.Contains(set));
        }

        var (best, most) = ((Subnetwork?)null, double.NegativeInfinity);
        foreach (var (set, its) in listed)
        {
            var reward = Sum(effects, its);
            if (reward > most && !without.Contains(set))
            {
                (best, most) = (set, reward);
            }
        }

        return best ?? throw new InvalidOperationException("There is no other subnetwork.");
    }

    /// <summary>The subnetwork of a space, maybe another one, with the highest expected reward.</summary>
    /// <remarks>Where pairs count and there are more than <see cref="SetModel.MostListed"/>, of so many that are best without pairs.</remarks>
    internal Subnetwork Best(SkipSpace from)
    {
        if (from == space)
        {
            return Best(Mean, []);
        }

        var candidates = !features.HasPairs || from.Count > SetModel.MostListed ? from.ByScore(Mean).Take(features.HasPairs ? SetModel.MostListed : 1) : from.All();
        return candidates.MaxBy(set => Reward(set, Mean)) ?? throw new InvalidOperationException("The space is empty.");
    }

    /// <summary>For each module by how much the subnetworks that skip it are expected to have more reward than those that keep it, on average: [n].</summary>
    /// <remarks>Where subnetworks are not listed, that is what skipping it adds; 0 for a module that no subnetwork skips, or that all do.</remarks>
    internal IReadOnlyList<double> Marginals()
    {
        if (listed.Count == 0)
        {
            return Mean;
        }

        var (sums, counts, total) = (new double[space.Modules], new int[space.Modules], 0.0);
        foreach (var (set, its) in listed)
        {
            var reward = Sum(Mean, its);
            total += reward;
            foreach (var i in set.Skipped)
            {
                sums[i] += reward;
                counts[i]++;
            }
        }

        return
        [
            .. sums.Zip(counts, (sum, count) => count == 0 || count == listed.Count ? 0 : (sum / count) - ((total - sum) / (listed.Count - count))),
        ];
    }

    private static double Sum(double[] effects, int[] features)
    {
        var sum = 0.0;
        foreach (var feature in features)
        {
            sum += effects[feature];
        }

        return sum;
    }
}
