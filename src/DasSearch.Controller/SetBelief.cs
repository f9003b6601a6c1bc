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

    /// <summary>For each module how much more reward the best subnetwork that skips it has by the means than the best that keeps it: [n].</summary>
    /// <remarks>
    /// What they choose is the best subnetwork. Where subnetworks are not listed, they are the means themselves; a module that no
    /// subnetwork skips, or that all do, has the distance between the best and the worst.
    /// </remarks>
    internal IReadOnlyList<double> Gates()
    {
        if (listed.Count == 0)
        {
            return Mean;
        }

        var (skipping, keeping, least) = (Lowest(), Lowest(), double.PositiveInfinity);
        foreach (var (set, its) in listed)
        {
            var reward = Sum(Mean, its);
            least = Math.Min(least, reward);
            for (var i = 0; i < space.Modules; i++)
            {
                var most = set.Contains(i) ? skipping : keeping;
                most[i] = Math.Max(most[i], reward);
            }
        }

        return [.. skipping.Zip(keeping, (with, without) => Math.Max(with, least) - Math.Max(without, least))];

        double[] Lowest() => [.. Enumerable.Repeat(double.NegativeInfinity, space.Modules)];
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
