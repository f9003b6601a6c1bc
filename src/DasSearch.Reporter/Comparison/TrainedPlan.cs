using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Store;
using MathNet.Numerics.Statistics;

namespace DasSearch.Reporter.Comparison;

/// <summary>A plan that was trained, with one seed or several.</summary>
/// <param name="Seeds">The seeds, ascending; of two trainings with one seed the later counts.</param>
/// <param name="Metrics">Figures on the test data by name, over the seeds that have them.</param>
/// <param name="LatencyChangePercent">Mean change of latency against the full model, in percent; null where it was not measured.</param>
/// <param name="Latency">That change with an interval that covers those of all its measurements; null where one of them has none.</param>
public sealed record TrainedPlan(
    Subnetwork Subnetwork,
    string Method,
    int Epochs,
    IReadOnlyList<long> Seeds,
    IReadOnlyDictionary<string, MetricSummary> Metrics,
    Accounting Cost,
    double? LatencyChangePercent,
    LatencyChange? Latency)
{
    /// <summary>The plans of a run that were trained, in the order first recorded.</summary>
    public static IReadOnlyList<TrainedPlan> Of(IEnumerable<StoredPlan> plans) =>
    [
        .. plans.Select(stored => stored.Plan)
            .Where(plan => plan is { Result: not null, Accounting: not null })
            .GroupBy(plan => (plan.Subnetwork, plan.Result!.Method, plan.Result.Epochs, Cost: plan.Accounting!))
            .Select(group => Of(
                group.Key.Subnetwork,
                group.Key.Cost,
                [.. group.GroupBy(plan => plan.Result!.Seed).OrderBy(seed => seed.Key).Select(seed => seed.Last())])),
    ];

    private static TrainedPlan Of(Subnetwork subnetwork, Accounting cost, IReadOnlyList<SkipPlan> plans)
    {
        var results = plans.Select(plan => plan.Result!).ToList();
        var names = results.SelectMany(result => result.Metrics.Keys).Distinct().Order(StringComparer.Ordinal);
        var latencies = results.Select(result => result.Latency).OfType<PlanLatency>().Where(latency => latency.FullMilliseconds > 0).ToList();
        var changes = latencies.Select(latency => latency.Change).OfType<LatencyChange>().ToList();
        return new TrainedPlan(
            subnetwork,
            results[0].Method,
            results[0].Epochs,
            [.. results.Select(result => result.Seed)],
            names.ToDictionary(
                name => name,
                name => MetricSummary.Of(
                    [.. results.Where(result => result.Metrics.ContainsKey(name)).Select(result => result.Metrics[name])])),
            cost,
            latencies.Count > 0 ? latencies.Average(latency => latency.ChangePercent) : null,
            changes.Count == latencies.Count ? LatencyChange.Together(changes) : null);
    }
}

/// <summary>A figure over several trainings.</summary>
/// <param name="StandardDeviation">Its standard deviation from one training to the next; null for a single one.</param>
public sealed record MetricSummary(double Mean, double? StandardDeviation)
{
    internal static MetricSummary Of(IReadOnlyList<double> values) =>
        new(values.Mean(), values.Count > 1 ? values.StandardDeviation() : null);
}
