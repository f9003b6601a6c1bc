using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Reporter.Comparison;
using DasSearch.Store.Results;

namespace DasSearch.Reporter.Reports;

/// <summary>What a run comes to.</summary>
internal static class RunVerdict
{
    private const string FullTuning = "full";

    internal static Verdict Of(ComparedRun run)
    {
        if (run.Plan is not { } plan)
        {
            return new Verdict(
                "No verdict yet: the run has no rounds.", $"das resume {run.Number} goes on with it.", Warning: null, Chosen: null, [], []);
        }

        var tosses = run.Choice?.CoinTosses ?? [];
        return new Verdict(
            Wording.Skip(plan),
            run.Choice?.Sentences ?? "The rewards are too few to say how sure that is.",
            Warning(run.Details.Summary, tosses),
            plan,
            tosses,
            [.. Savings(run, plan)]);
    }

    private static string? Warning(RunSummary summary, IReadOnlyList<int> tosses) => summary.Status == RunStatus.Done
        ? Wording.CoinTosses(tosses, "more rounds or other seeds can tell (das compare)")
        : $"The run is not done ({EnumNames.NameOf(summary.Status)}, {summary.Rounds} rounds): the verdict may change.";

    private static IEnumerable<(string Name, string Value)> Savings(ComparedRun run, Subnetwork plan)
    {
        if (run.Cost is { } cost)
        {
            yield return ("multiply-accumulates", Wording.Change(cost.ChangePercent));
            yield return ("trained parameters", string.Create(CultureInfo.InvariantCulture, $"{cost.TrainableParameters:N0} ({cost.TrainablePercent:0.0}\u00a0%)"));
        }

        var trained = run.Trained.LastOrDefault(its => its.Subnetwork == plan && its.Method == DasPlacement.Type);
        if ((trained?.LatencyChangePercent ?? run.Details.Latency?.Of(plan).ChangePercent) is { } latency)
        {
            yield return ("latency", Wording.Change(latency));
        }

        foreach (var (name, value) in Accuracies(trained?.Metrics))
        {
            yield return (name, value);
        }

        var full = run.Trained.LastOrDefault(its => its.Method == FullTuning && its.Subnetwork.Count == 0);
        foreach (var (name, value) in Accuracies(full?.Metrics))
        {
            yield return ($"{name} of full fine-tuning", value);
        }

        if (trained is null)
        {
            yield return ("accuracy", "not trained yet");
        }
    }

    private static IEnumerable<(string Name, string Value)> Accuracies(IReadOnlyDictionary<string, MetricSummary>? metrics) =>
        (metrics ?? new Dictionary<string, MetricSummary>())
            .Where(metric => metric.Key.EndsWith("accuracy", StringComparison.Ordinal))
            .OrderBy(metric => metric.Key, StringComparer.Ordinal)
            .Select(metric => (metric.Key.Replace('.', ' '), Text(metric.Value)));

    private static string Text(MetricSummary accuracy) => accuracy.StandardDeviation is { } deviation
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * accuracy.Mean:0.0} ±\u00a0{100 * deviation:0.0}\u00a0%")
        : string.Create(CultureInfo.InvariantCulture, $"{100 * accuracy.Mean:0.0}\u00a0%");
}
