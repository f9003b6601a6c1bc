using DasSearch.Core;

namespace DasSearch.Store.Rewards;

/// <summary>How rewards differ with each module skipped and kept: the one place where that is worked out, in one pass.</summary>
/// <remarks>Sums are of distances from the first reward and their squares, so that nearly equal rewards keep their digits.</remarks>
/// <param name="modules">How many modules there are.</param>
/// <param name="origin">What distances are taken from, such as the first reward; null for the first that is added.</param>
public sealed class LayerStatistics(int modules, double? origin = null)
{
    private readonly Side[] _skipped = new Side[modules];
    private readonly Side[] _kept = new Side[modules];
    private double? _origin = origin;

    /// <summary>How many evaluations count.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Adds an evaluation that counts for a reward, its <see cref="Evaluation.Credit"/>.</summary>
    public void Add(Subnetwork subnetwork, double credit)
    {
        _origin ??= credit;
        Add(subnetwork, 1, credit - _origin.Value, (credit - _origin.Value) * (credit - _origin.Value));
    }

    /// <summary>How many evaluations skip a module.</summary>
    public long Skipped(int module) => _skipped[module].Count;

    /// <summary>How many keep it.</summary>
    public long Kept(int module) => _kept[module].Count;

    /// <summary>The mean reward of those that skip a module; null without any.</summary>
    public double? MeanRewardSkipped(int module) => _origin + _skipped[module].Mean;

    /// <summary>The mean reward of those that keep it; null without any.</summary>
    public double? MeanRewardKept(int module) => _origin + _kept[module].Mean;

    /// <summary>The first less the second; null without any of either.</summary>
    public double? Difference(int module) => _skipped[module].Mean - _kept[module].Mean;

    /// <summary>The difference's standard error, for unequal variances (Welch, Biometrika 34, 1947); null with fewer than two of either.</summary>
    public double? StandardError(int module) =>
        _skipped[module].VarianceOfMean + _kept[module].VarianceOfMean is { } variance ? Math.Sqrt(variance) : null;

    /// <summary>All of it of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="gate">Its gate after the last round; null before the first.</param>
    internal LayerReward Of(ModuleInfo module, StoredGate? gate) => new(
        module.Index,
        module.Name,
        module.Kind,
        module.Stream,
        Skipped(module.Index),
        Kept(module.Index),
        MeanRewardSkipped(module.Index),
        MeanRewardKept(module.Index),
        Difference(module.Index),
        StandardError(module.Index),
        gate?.Gate,
        gate?.Probability);

    /// <summary>Adds so many evaluations of a subnetwork, by the sum of their rewards' distances from the origin and that of their squares.</summary>
    internal void Add(Subnetwork subnetwork, long count, double distances, double squares)
    {
        ArgumentNullException.ThrowIfNull(subnetwork);
        Evaluations += count;
        for (var module = 0; module < modules; module++)
        {
            ref var side = ref subnetwork.Contains(module) ? ref _skipped[module] : ref _kept[module];
            side = new Side(side.Count + count, side.Distances + distances, side.Squares + squares);
        }
    }

    private readonly record struct Side(long Count, double Distances, double Squares)
    {
        internal double? Mean => Count > 0 ? Distances / Count : null;

        internal double? VarianceOfMean => Count > 1 ? Math.Max(Squares - (Distances * Distances / Count), 0) / (Count - 1) / Count : null;
    }
}
