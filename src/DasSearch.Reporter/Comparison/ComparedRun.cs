using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Reporter.Importance;
using DasSearch.Store;
using DasSearch.Store.Results;

namespace DasSearch.Reporter.Comparison;

/// <summary>A run as it stands beside others.</summary>
/// <param name="Details">The run.</param>
/// <param name="Importance">What its rewards say.</param>
/// <param name="Plan">What its gates say to skip; null before the first round.</param>
/// <param name="Choice">How far its rewards bear that plan out; null where they are not enough.</param>
/// <param name="Cost">What that plan costs; null without one.</param>
/// <param name="Trained">The plans of the run that were trained, in the order first recorded.</param>
public sealed record ComparedRun(
    RunDetails Details,
    ImportanceAnalysis Importance,
    Subnetwork? Plan,
    ChoiceEvidence? Choice,
    Accounting? Cost,
    IReadOnlyList<TrainedPlan> Trained)
{
    /// <summary>The run's number.</summary>
    public long Number => Details.Summary.Run;

    /// <summary>How long the search took, or has taken so far.</summary>
    public TimeSpan Took => (Details.Summary.FinishedAt ?? Details.Summary.UpdatedAt) - Details.Summary.StartedAt;

    /// <summary>Reads a run: its evaluations once, as they come.</summary>
    /// <exception cref="StoreException">The database fails.</exception>
    internal static ComparedRun Read(RunReader reader, RunDetails run, double confidence = ImportanceAnalysis.DefaultConfidence)
    {
        var (summary, modules) = (run.Summary, run.Costs.Modules.Count);
        var importance = new ImportanceAnalysis(RunEvidence.Read(reader, run), confidence);
        var gates = reader.LastGates(summary.Run);
        var plan = gates.Count > 0 ? TopGates.Choose([.. gates.Select(gate => gate.Gate)], Math.Min(summary.Skip, modules)) : null;
        return new ComparedRun(
            run,
            importance,
            plan,
            plan is null ? null : importance.Judge(plan),
            plan is null ? null : run.Costs.Of(plan),
            TrainedPlan.Of(reader.Plans(summary.Run)));
    }
}
