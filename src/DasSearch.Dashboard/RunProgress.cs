using DasSearch.Core;
using DasSearch.Store;

namespace DasSearch.Dashboard;

/// <summary>Where a running search stands, as far as what it has stored tells.</summary>
/// <param name="Phase">What goes on, such as <c>warming up</c>.</param>
/// <param name="Batches">How many batches it has learnt from, for a person; null before the first is stored.</param>
/// <param name="Loss">The loss of the last of them, likewise.</param>
/// <param name="Left">How long its rounds will take if they go on as they did; null where that is not known.</param>
internal sealed record RunProgress(string Phase, string? Batches, string? Loss, string? Left)
{
    private const string TrainingLoss = "train.loss";
    private const string Searching = "searching";

    // Rounds that are far back were perhaps those of another machine.
    private const int Recent = 20;

    /// <summary>Reads it; null of a run that does not go on.</summary>
    /// <exception cref="StoreException">The database fails.</exception>
    internal static RunProgress? Read(IRunReader read, RunSummary run)
    {
        if (run.Status != RunStatus.Running)
        {
            return null;
        }

        var loss = read.LastMetrics(run.Run).FirstOrDefault(static metric => metric.Name == TrainingLoss);
        var phase = PhaseOf(read, run);
        return new RunProgress(
            phase, loss is null ? null : Numbers.Count(loss.Step), loss is null ? null : Numbers.Value(loss.Value), phase == Searching && LeftOf(read, run) is { } left ? Durations.Text(left) : null);
    }

    // In the order in which a search stores what it finds; whoever trained a plan before it went on has stored that, too.
    private static string PhaseOf(IRunReader read, RunSummary run) =>
        read.Plans(run.Run).All(static stored => stored.Plan.Result is not null) ? (run.Rounds == 0 ? "warming up" : Searching)
        : read.Adapters(run.Run).Count == 0 ? "over, finding out which parts of the adapters matter"
        : "over, measuring what skipping each module saves";

    private static TimeSpan? LeftOf(IRunReader read, RunSummary run)
    {
        var rounds = read.RoundSummariesSince(run.Run, Math.Max(run.Rounds - Recent, 0)).ToList();
        return run.PlannedRounds is { } planned && rounds.Count > 1
            ? (rounds[^1].RecordedAt - rounds[0].RecordedAt) / (rounds.Count - 1) * Math.Max(planned - run.Rounds, 0)
            : null;
    }
}
