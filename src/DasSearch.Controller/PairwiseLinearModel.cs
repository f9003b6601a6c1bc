using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>What rewards tell of the worth of every subnetwork of a space.</summary>
/// <remarks>
/// Reward, as a share of its round's mean, is a sum of what each skipped module adds, and each pair of them. Pairs need all subnetworks to be gone through one by
/// one for the best, and are left out where there are more than <see cref="MostListed"/>.
/// </remarks>
internal sealed class PairwiseLinearModel
{
    /// <summary>So many subnetworks are gone through one by one.</summary>
    internal const int MostListed = 4096;

    private readonly SkipSpace _space;
    private readonly SetFeatures _features;
    private readonly IReadOnlyList<(Subnetwork Set, int[] Features)> _listed; // none where there are too many
    private readonly BayesianRegression _rewards;
    private PairwisePosterior? _now;

    internal PairwiseLinearModel(SkipSpace space)
    {
        var isListed = space.Count <= MostListed;
        _space = space;
        _features = new SetFeatures(space.Modules, pairs: isListed);
        _listed = isListed ? [.. space.All().Select(set => (set, _features.Of(set)))] : [];
        _rewards = new BayesianRegression(_features);
    }

    /// <summary>How many comparisons it knows, evaluations less rounds; older ones count for less.</summary>
    internal double Comparisons => _rewards.Comparisons;

    /// <summary>Learns from a round.</summary>
    /// <exception cref="ArgumentException">It is of another number of modules.</exception>
    internal void Learn(IReadOnlyList<Evaluation> round)
    {
        _rewards.Learn(Advantage.SharesOf(round, _space.Modules));
        _now = null;
    }

    /// <summary>What is known by now; at least one module.</summary>
    internal PairwisePosterior Now() => _now ??= new PairwisePosterior(_space, _features, _listed, _rewards.Mixture());

    /// <summary>All of it as numbers.</summary>
    internal IReadOnlyList<double> Save() => _rewards.Save();

    /// <summary>Puts numbers back.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    internal void Load(IReadOnlyList<double> numbers)
    {
        _rewards.Load(numbers);
        _now = null;
    }
}

/// <summary>A distribution of the effects that make up subnetworks' rewards.</summary>
/// <param name="space">The subnetworks.</param>
/// <param name="features">What their rewards are sums over.</param>
/// <param name="listed">The subnetworks one by one with their features; none where there are too many.</param>
/// <param name="mixture">The effects' distributions, with how likely each is.</param>
internal sealed class PairwisePosterior(
    SkipSpace space,
    SetFeatures features,
    IReadOnlyList<(Subnetwork Set, int[] Features)> listed,
    IReadOnlyList<(BayesianRegression.Posterior Effects, double Chance)> mixture)
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

    /// <summary>The mean of what some subnetworks' rewards are sums over, a number for each feature; at least one.</summary>
    internal double[] MeanFeatures(IReadOnlyList<Subnetwork> sets)
    {
        var mean = new double[features.Count];
        foreach (var feature in sets.SelectMany(features.Of))
        {
            mean[feature] += 1.0 / sets.Count;
        }

        return mean;
    }

    /// <summary>How much more reward a subnetwork is expected to have than what is usual, with the standard error of that.</summary>
    /// <param name="set">The subnetwork.</param>
    /// <param name="usual">As <see cref="MeanFeatures"/> gives it.</param>
    internal (double Mean, double Error) Difference(Subnetwork set, double[] usual)
    {
        var contrast = Array.ConvertAll(usual, static share => -share);
        foreach (var feature in features.Of(set))
        {
            contrast[feature]++;
        }

        var parts = mixture.Select(part => (part.Chance, Mean: Dot(part.Effects.Mean, contrast), Variance: part.Effects.Variance(contrast))).ToList();
        var mean = parts.Sum(static part => part.Chance * part.Mean);
        return (mean, Math.Sqrt(parts.Sum(part => part.Chance * (part.Variance + ((part.Mean - mean) * (part.Mean - mean))))));
    }

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
    /// <remarks>Where pairs count and there are more than <see cref="PairwiseLinearModel.MostListed"/>, of so many that are best without pairs.</remarks>
    internal Subnetwork Best(SkipSpace from)
    {
        if (from == space)
        {
            return Best(Mean, []);
        }

        var candidates = !features.HasPairs || from.Count > PairwiseLinearModel.MostListed ? from.ByScore(Mean).Take(features.HasPairs ? PairwiseLinearModel.MostListed : 1) : from.All();
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

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
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

/// <summary>What a reward is a sum over: modules that are skipped, and where asked for pairs of them.</summary>
/// <param name="modules">n, how many modules there are.</param>
/// <param name="pairs">Whether pairs count, too.</param>
internal sealed class SetFeatures(int modules, bool pairs)
{
    /// <summary>n.</summary>
    internal int Modules => modules;

    /// <summary>Whether pairs count, too.</summary>
    internal bool HasPairs => pairs;

    /// <summary>How many there are: n, or n (n + 1) / 2 with pairs.</summary>
    internal int Count => pairs ? modules * (modules + 1) / 2 : modules;

    /// <summary>The numbers of those that a set has: its modules' own, then those of its pairs.</summary>
    internal int[] Of(Subnetwork set)
    {
        var skipped = set.Skipped;
        var found = new List<int>(skipped);
        for (var i = 0; pairs && i < skipped.Count; i++)
        {
            for (var j = i + 1; j < skipped.Count; j++)
            {
                // Pairs come row by row after the modules: those of 0, then those of 1 …
                found.Add(modules + (skipped[i] * ((2 * modules) - skipped[i] - 1) / 2) + skipped[j] - skipped[i] - 1);
            }
        }

        return [.. found];
    }
}
