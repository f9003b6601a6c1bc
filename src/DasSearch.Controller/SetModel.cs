using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>What rewards tell of the worth of every subnetwork of a space.</summary>
/// <remarks>
/// Reward, as a share of its round's mean, is a sum of what each skipped module adds, and each pair of them. Pairs need all subnetworks to be gone through one by
/// one for the best, and are left out where there are more than <see cref="MostListed"/>.
/// </remarks>
internal sealed class SetModel
{
    /// <summary>So many subnetworks are gone through one by one.</summary>
    internal const int MostListed = 4096;

    private readonly SkipSpace _space;
    private readonly SetFeatures _features;
    private readonly IReadOnlyList<(Subnetwork Set, int[] Features)> _listed; // none where there are too many
    private readonly RewardModel _rewards;
    private SetBelief? _now;

    internal SetModel(SkipSpace space)
    {
        var isListed = space.Count <= MostListed;
        _space = space;
        _features = new SetFeatures(space.Modules, pairs: isListed);
        _listed = isListed ? [.. space.All().Select(set => (set, _features.Of(set)))] : [];
        _rewards = new RewardModel(_features);
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
    internal SetBelief Now() => _now ??= new SetBelief(_space, _features, _listed, _rewards.Mixture());

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
