using DasSearch.Core;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DasSearch.Reporter.Importance;

/// <summary>What a run's rewards say about its modules, with honest errors; the README of this room explains the statistics.</summary>
/// <remarks>Importance is minus the effect of skipping on reward, the opposite of a gate: high means needed.</remarks>
public sealed class ImportanceAnalysis
{
    /// <summary>The confidence level that is used unless another is asked for.</summary>
    public const double DefaultConfidence = 0.95;

    // Of the reward: a supernet at chance repeats ten times smaller differences in every round, of one validation batch.
    private const double Worthwhile = 0.001;

    private readonly RoundRegression? _regression;

    /// <summary>Analyses a run.</summary>
    /// <param name="confidence">How often an interval is to have the truth in it, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="confidence"/> is not between 0 and 1.</exception>
    public ImportanceAnalysis(RewardSums rewards, double confidence = DefaultConfidence)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        if (confidence is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence level is between 0 and 1.");
        }

        Rewards = rewards;
        Confidence = confidence;
        _regression = RoundRegression.Fit(rewards.Blocks, rewards.Modules);
        Layers =
        [
            .. Enumerable.Range(0, rewards.Modules).Select(module => new LayerImportance(
                module,
                rewards.Skipped(module),
                rewards.MeanRewardSkipped(module),
                rewards.MeanRewardKept(module),
                ImportanceOf(module))),
        ];
    }

    /// <summary>What was analysed.</summary>
    public RewardSums Rewards { get; }

    /// <summary>The confidence level of all intervals.</summary>
    public double Confidence { get; }

    /// <summary>Each module, in order.</summary>
    public IReadOnlyList<LayerImportance> Layers { get; }

    /// <summary>Whether every module has an importance, and they differ: without, nothing can be ranked.</summary>
    public bool CanRank =>
        Layers.Count > 1
        && Layers.All(layer => layer.Importance is not null)
        && Layers.Any(layer => layer.Importance!.Value != Layers[0].Importance!.Value);

    /// <summary>
    /// Whether the rewards tell any module from the average one: its p-value is low enough however many modules there are (Bonferroni's bound), and it matters
    /// by a thousandth of the reward or more.
    /// </summary>
    public bool TellsModules => Layers.Any(layer => layer.Importance is { } importance
        && importance.PValue * Layers.Count <= 1 - Confidence
        && Math.Abs(importance.Value) >= Worthwhile * layer.MeanRewardKept);

    /// <summary>The least important modules, of equal ones the larger index first; null where modules cannot be ranked.</summary>
    /// <param name="count">How many, from 0 to all.</param>
    public Subnetwork? LeastImportant(int count) =>
        CanRank ? TopGates.Choose([.. Layers.Select(layer => -layer.Importance!.Value)], count) : null;

    /// <summary>How sure a choice of modules is; null where modules cannot be ranked.</summary>
    /// <exception cref="ArgumentException">They are of another number of modules.</exception>
    public ChoiceConfidence? Judge(Subnetwork chosen)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        if (chosen.Modules != Rewards.Modules)
        {
            throw new ArgumentException($"The choice is of {chosen.Modules} modules, the run has {Rewards.Modules}.", nameof(chosen));
        }

        if (!CanRank)
        {
            return null;
        }

        var importance = DenseVector.OfEnumerable(Layers.Select(layer => layer.Importance!.Value));
        var posterior = new RankPosterior(importance, Covariance());
        var (amongLeast, right) = posterior.Judge(chosen, SeededRandom.Derive(0, "importance/ranks"));
        var last = Layers.Where(layer => chosen.Contains(layer.Module)).MaxBy(Value);
        var first = Layers.Where(layer => !chosen.Contains(layer.Module)).MinBy(Value);
        var margin = last is null || first is null ? null : MarginOf(last.Module, first.Module);
        return new ChoiceConfidence(chosen, amongLeast, right, margin);

        static double Value(LayerImportance layer) => layer.Importance!.Value;
    }

    /// <summary>How important some modules are on average; null where not all of them can be compared, or no others are left.</summary>
    public Estimate? MeanImportance(IReadOnlyList<int> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        return _regression is not null && modules.Count < _regression.Compared.Count && modules.All(_regression.Compared.Contains)
            ? _regression.Contrast(Weights(modules), Confidence)
            : null;
    }

    /// <summary>How well the run's odd and even rounds agree; null where a half cannot rank three modules.</summary>
    public SplitHalf? SplitHalf()
    {
        var (even, odd) = (Half(0), Half(1));
        if (even is null || odd is null)
        {
            return null;
        }

        var modules = even.Compared.Intersect(odd.Compared).ToList();
        double[] one = [.. modules.Select(i => even.Effects[i])], other = [.. modules.Select(i => odd.Effects[i])];
        return modules.Count > 2 && RankCorrelation.Spearman(one, other) is { } correlation ? new SplitHalf(correlation) : null;
    }

    /// <summary>Every pair of modules: 0,1 then 0,2 and so on; none where they were not counted, as beyond <see cref="RewardSums.MostModulesOfPairs"/> modules.</summary>
    public IReadOnlyList<PairInteraction> Interactions() => PairInteractions.Of(Rewards, _regression, Confidence);

    // Rounds where they are few enough for blocks of one, else blocks of rounds in succession.
    private RoundRegression? Half(int remainder) =>
        RoundRegression.Fit([.. Rewards.Blocks.Where((_, k) => k % 2 == remainder)], Rewards.Modules);

    private Estimate? ImportanceOf(int module) =>
        _regression is not null && _regression.Compared.Contains(module) ? _regression.Contrast(Weights([module]), Confidence) : null;

    // Of the effect on reward: minus the mean of the modules' own, plus that of all that are compared.
    private DenseVector Weights(IReadOnlyList<int> modules)
    {
        var weights = new DenseVector(Rewards.Modules);
        foreach (var other in _regression!.Compared)
        {
            weights[other] = 1.0 / _regression.Compared.Count;
        }

        foreach (var module in modules)
        {
            weights[module] -= 1.0 / modules.Count;
        }

        return weights;
    }

    private ChoiceMargin? MarginOf(int lastChosen, int firstLeftOut)
    {
        var weights = new DenseVector(Rewards.Modules) { [lastChosen] = 1, [firstLeftOut] = -1 };
        return _regression!.Contrast(weights, Confidence) is { } difference ? new ChoiceMargin(lastChosen, firstLeftOut, difference) : null;
    }

    /// <summary>Of all importances: robust variances, of Student's t, with the correlations that the design gives equal noise.</summary>
    /// <remarks>A robust matrix as a whole would need many more blocks than modules.</remarks>
    private DenseMatrix Covariance()
    {
        var errors = Layers.Select(layer => layer.Importance!)
            .Select(estimate => estimate.StandardError * Math.Sqrt(estimate.DegreesOfFreedom / (estimate.DegreesOfFreedom - 2)))
            .ToArray();
        var axes = Layers.Select(layer => _regression!.Whiten(Weights([layer.Module])).Normalize(2)).ToArray();
        return DenseMatrix.Create(errors.Length, errors.Length, (i, j) => errors[i] * errors[j] * (axes[i] * axes[j]));
    }
}

/// <summary>What a run's rewards say about one module.</summary>
/// <param name="Skipped">How many evaluations that count skip it.</param>
/// <param name="MeanRewardSkipped">Their mean reward, not adjusted for anything; null without any.</param>
/// <param name="MeanRewardKept">The mean reward of the others; null without any.</param>
/// <param name="Importance">
/// How much reward is lost when it is skipped rather than an average module, whatever else is skipped; high means needed.
/// Null where the evidence is not enough.
/// </param>
public sealed record LayerImportance(
    int Module, long Skipped, double? MeanRewardSkipped, double? MeanRewardKept, Estimate? Importance);
