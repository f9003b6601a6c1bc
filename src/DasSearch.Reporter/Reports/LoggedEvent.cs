using DasSearch.Core;
using DasSearch.Store;

namespace DasSearch.Reporter.Reports;

/// <summary>Something that became of a run or of one of its plans.</summary>
/// <param name="What">For a person, such as <c>resumed after 12 rounds</c>.</param>
public sealed record LoggedEvent(DateTimeOffset At, string What)
{
    /// <summary>The log of a run, in the order of time.</summary>
    internal static IReadOnlyList<LoggedEvent> Of(RunSummary run, IReadOnlyList<RunEvent> happened, IReadOnlyList<StoredPlan> plans)
    {
        List<LoggedEvent> events = [.. happened.Select(static one => new LoggedEvent(one.At, one.Text))];
        events.AddRange(plans.Select(static plan => new LoggedEvent(
            plan.RecordedAt,
            plan.Plan.Result is { } result ? $"plan without {plan.Plan.Subnetwork} trained with {result.Method}" : $"plan without {plan.Plan.Subnetwork} recorded")));
        if (run.Status == RunStatus.Running)
        {
            events.Add(new LoggedEvent(run.UpdatedAt, "last stored, running"));
        }

        return [.. events.OrderBy(static one => one.At)];
    }
}
