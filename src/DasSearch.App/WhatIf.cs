using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Core.Spaces;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using DasSearch.Store;

namespace DasSearch.App;

/// <summary>What a run has stored that tells what skipping any set of its modules comes to; it is read once, and answers many questions.</summary>
public sealed class WhatIf
{
    private const string Accuracy = "test.accuracy";

    private readonly RunDetails _run;
    private readonly RewardModel? _model;
    private readonly Dictionary<Subnetwork, SubnetworkReward> _measured;
    private readonly ExhaustiveTable? _truth;
    private readonly IReadOnlyList<TrainedPlan> _trained;
    private readonly ImportanceAnalysis _importance;

    private WhatIf(IRunReader read, RunDetails run)
    {
        var (number, config) = (run.Summary.Run, StoredConfig.Of(run).Values);
        _run = run;

        // Evaluations are read once, and all that a model has use for is kept of them for a moment.
        var late = new Queue<IReadOnlyList<Evaluation>>();
        _importance = new ImportanceAnalysis(RewardSums.Of(run.Costs.Modules.Count, read.Evaluations(number).InRounds().Select(Keep), countsPairs: false));
        _model = RewardModel.Of(SearchSpace.Of(config, run.Costs), late);
        _measured = read.Subnetworks(number).ToDictionary(static row => row.Subnetwork);
        _truth = ReplaySession.Truth(read, run, run.Summary.Skip, config);
        _trained = TrainedPlan.Of(read.Plans(number));

        IReadOnlyList<Evaluation> Keep(IReadOnlyList<Evaluation> round)
        {
            late.Enqueue(round);
            if (late.Count > RewardModel.MostRounds)
            {
                late.Dequeue();
            }

            return round;
        }
    }

    /// <summary>The run's name and number.</summary>
    public string Title => FormattableString.Invariant($"{_run.Summary.Name} · run {_run.Summary.Run}");

    /// <summary>Its modules, in order.</summary>
    public IEnumerable<ModuleInfo> Modules => _run.Costs.Modules.Select(static costs => costs.Module);

    /// <summary>What its search chose; nothing before its first round.</summary>
    public Subnetwork Chosen => _run.Recommended ?? Subnetwork.Whole(_run.Costs.Modules.Count);

    /// <summary>Reads what a run has stored.</summary>
    /// <exception cref="DasSearchException">There is no such run, or its settings mean something else to this version of das.</exception>
    public static WhatIf Read(IRunReader read, long run)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new WhatIf(read, read.Run(run));
    }

    /// <summary>What the model expects of the sets that were trained with one method, that of most sets, beside what they then reached on the test data.</summary>
    public IReadOnlyList<RewardedPlan> Rewarded() =>
    [
        .. _trained.Where(plan => _model?.Covers(plan.Subnetwork) is true && plan.Metrics.ContainsKey(Accuracy))
            .GroupBy(static plan => plan.Method)
            .OrderByDescending(static method => method.DistinctBy(static plan => plan.Subnetwork).Count())
            .Take(1)
            .SelectMany(static method => method.GroupBy(static plan => plan.Subnetwork).Select(static set => set.MaxBy(static plan => plan.Epochs)!))
            .Select(plan => new RewardedPlan(plan.Subnetwork, plan.Method, _model!.Predict(plan.Subnetwork), plan.Metrics[Accuracy].Mean)),
    ];

    /// <summary>What skipping some modules comes to.</summary>
    /// <param name="modules">Such as <c>2,5,7</c>, or <c>-</c> for none.</param>
    /// <exception cref="UsageException">That names no set of the run's modules.</exception>
    public WhatIfAnswer Of(string modules)
    {
        var skipped = PlanMaking.Parse(modules, _run.Costs.Modules.Count);
        var covered = _model?.Covers(skipped) is true ? _model : null;
        var better = covered?.BetterBySwap(skipped);
        return new WhatIfAnswer(skipped, _run.Costs.Of(skipped))
        {
            Prediction = covered?.Predict(skipped),
            NoPrediction = _model is null ? "the run's rewards compare too little to predict any"
                : covered is null ? $"the search compared other sets alone ({_run.Summary.Skip} modules skipped, within its constraints)"
                : null,
            Rank = covered?.RankOf(skipped),
            Subnetworks = _model?.Subnetworks,
            Better = better,
            BetterPrediction = better is null ? null : covered?.Predict(better),
            Measured = _measured.GetValueOrDefault(skipped),
            Truth = _truth is not null && skipped.Count == _truth.Skip ? new MeasuredTruth(_truth.RankOf(skipped), _truth.Ranked.Count, _truth.Ranked[_truth.RankOf(skipped) - 1].Accuracy) : null,
            Confidence = skipped.Count == 0 ? null : _importance.Judge(skipped),
            Latency = _run.Latency?.Of(skipped),
            Trained = [.. _trained.Where(plan => plan.Subnetwork == skipped)],
        };
    }
}

/// <summary>What skipping a set of modules comes to, by all that a run has stored.</summary>
/// <param name="Skipped">The set.</param>
/// <param name="Cost">What the network then costs.</param>
public sealed record WhatIfAnswer(Subnetwork Skipped, Accounting Cost)
{
    /// <summary>What the run's model of rewards expects; null where it cannot.</summary>
    public RewardPrediction? Prediction { get; init; }

    /// <summary>Why it cannot, in a sentence's part; null where it does.</summary>
    public string? NoPrediction { get; init; }

    /// <summary>Its place by that among all that the search might have proposed, from 1; null where they are too many, or there is no prediction.</summary>
    public int? Rank { get; init; }

    /// <summary>How many the search might have proposed; null where nothing can be predicted.</summary>
    public long? Subnetworks { get; init; }

    /// <summary>The best that another set comes to by one swap; null where none is expected to be better.</summary>
    public Subnetwork? Better { get; init; }

    /// <summary>What is expected of that one.</summary>
    public RewardPrediction? BetterPrediction { get; init; }

    /// <summary>How this very set fared in the search; null where it was not proposed.</summary>
    public SubnetworkReward? Measured { get; init; }

    /// <summary>What it is worth on the whole validation split; null where that was not measured.</summary>
    public MeasuredTruth? Truth { get; init; }

    /// <summary>How far the rewards bear out that these are the least important modules; null where they are too few to say, and where nothing is skipped.</summary>
    public ChoiceConfidence? Confidence { get; init; }

    /// <summary>How long it should take, added up from what skipping each module saved; null where that was not measured.</summary>
    public PlanLatency? Latency { get; init; }

    /// <summary>The plans of this set that were trained.</summary>
    public IReadOnlyList<TrainedPlan> Trained { get; init; } = [];
}

/// <summary>A trained plan beside what the search expected of its set.</summary>
/// <param name="Method">What it was trained with.</param>
/// <param name="Reward">What the run's model of rewards expects.</param>
/// <param name="Accuracy">On the test data, the mean over seeds.</param>
public sealed record RewardedPlan(Subnetwork Subnetwork, string Method, RewardPrediction Reward, double Accuracy);

/// <summary>What a subnetwork is worth on a whole split.</summary>
/// <param name="Rank">Its place among all that skip as many modules, from 1.</param>
/// <param name="Subnetworks">How many these are.</param>
/// <param name="Accuracy">The share of samples that are answered correctly.</param>
public sealed record MeasuredTruth(int Rank, int Subnetworks, double Accuracy);
