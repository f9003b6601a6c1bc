using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using DasSearch.Store;

namespace DasSearch.Reporter.Reports;

/// <summary>What runs come to, in words that pages and summary share.</summary>
/// <param name="Warning">What to be careful about; null for nothing.</param>
/// <param name="Chosen">The layers to skip; null where there is no answer.</param>
/// <param name="CoinTosses">The layers that may as well be skipped as kept, in order.</param>
/// <param name="Savings">What skipping saves and what it costs: names and figures.</param>
public sealed record Verdict(
    string Answer,
    string Confidence,
    string? Warning,
    Subnetwork? Chosen,
    IReadOnlyList<int> CoinTosses,
    IReadOnlyList<Fact> Savings)
{
    internal static Verdict Of(ComparedRun run)
    {
        if (run.Plan is not { } plan)
        {
            return new Verdict(
                "No verdict: the run has no rounds.", $"Run {run.Number} {run.Details.Summary.NoRounds}.", Warning: null, Chosen: null, [], []);
        }

        var tosses = run.Choice?.CoinTosses ?? [];
        return new Verdict(
            AnswerOf(plan),
            run.Choice?.Sentences ?? "The rewards are too few to say how sure that is.",
            WarningOf(run.Details.Summary, tosses),
            plan,
            tosses,
            [.. SavingsOf(run, plan)]);
    }

    internal static Verdict Of(RunComparison comparison)
    {
        if (comparison.Consensus is not { } consensus)
        {
            return new Verdict(
                "No verdict of all runs together.", $"There is no consensus, since {comparison.NoConsensus}.", Warning: null, Chosen: null, [], []);
        }

        var cost = comparison.Runs[0].Details.Costs.Of(consensus.Plan);
        var same = comparison.Runs.Count(run => run.Plan == consensus.Plan);
        return new Verdict(
            AnswerOf(consensus.Plan),
            ChoiceConfidence.Describe(consensus.ProbabilityCorrect, consensus.Margin) + string.Create(
                CultureInfo.InvariantCulture, $" {same} of {comparison.Runs.Count} runs have this very plan."),
            CoinTossWarning(consensus.CoinTosses, "other seeds can tell"),
            consensus.Plan,
            consensus.CoinTosses,
            [
                new Fact("multiply-accumulates", Change(cost.ChangePercent)),
                new Fact("trained parameters", Trained(cost)),
                new Fact("runs with a say", string.Create(CultureInfo.InvariantCulture, $"{consensus.Runs} of {comparison.Runs.Count}")),
                new Fact("differences beyond noise", Unbroken(Numbers.Chance(consensus.Heterogeneity))),
            ]);
    }

    private static string? WarningOf(RunSummary summary, IReadOnlyList<int> tosses) => summary.Status == RunStatus.Done
        ? CoinTossWarning(tosses, "more rounds or other seeds can tell (das compare)")
        : $"The run is not done ({EnumNames.NameOf(summary.Status)}, {summary.Rounds} rounds): the verdict may change.";

    private static IEnumerable<Fact> SavingsOf(ComparedRun run, Subnetwork plan)
    {
        if (run.Cost is { } cost)
        {
            yield return new Fact("multiply-accumulates", Change(cost.ChangePercent));
            yield return new Fact("trained parameters", Trained(cost));
        }

        // What the plan is held against is the whole backbone, tuned as far as it was; of several trainings the last counts.
        var whole = run.Trained.Where(static its => its.Subnetwork.Count == 0).OrderBy(static its => its.Cost.TrainableParameters).LastOrDefault();
        var trained = run.Trained.LastOrDefault(its => its.Subnetwork == plan && its.Method != whole?.Method)
            ?? run.Trained.LastOrDefault(its => its.Subnetwork == plan);
        if (trained?.LatencyChangePercent is { } measured)
        {
            yield return new Fact("latency", Latency(measured, trained.Latency));
        }
        else if (run.Details.Latency?.Of(plan) is { } expected)
        {
            yield return new Fact("latency, as modules' savings add up", Latency(expected.ChangePercent, expected.Change));
        }

        foreach (var accuracy in Accuracies(trained?.Metrics))
        {
            yield return accuracy;
        }

        foreach (var accuracy in Accuracies(whole?.Metrics))
        {
            yield return accuracy with { Name = $"{accuracy.Name} of {whole!.Method} fine-tuning" };
        }

        if (trained is null)
        {
            yield return new Fact("accuracy", "not trained yet");
        }
    }

    private static IEnumerable<Fact> Accuracies(IReadOnlyDictionary<string, MetricSummary>? metrics) =>
        (metrics ?? new Dictionary<string, MetricSummary>())
            .Where(metric => metric.Key.EndsWith("accuracy", StringComparison.Ordinal))
            .OrderBy(metric => metric.Key, StringComparer.Ordinal)
            .Select(metric => new Fact(metric.Key.Replace('.', ' '), Text(metric.Value)));

    private static string Trained(Accounting cost) =>
        $"{Numbers.Count(cost.TrainableParameters)} ({Unbroken(Numbers.Share(cost.TrainablePercent / 100))})";

    private static string Text(MetricSummary accuracy) => accuracy.StandardDeviation is { } deviation
        ? $"{Numbers.Decimals(100 * accuracy.Mean, 1)} ±\u00a0{Numbers.Decimals(100 * deviation, 1)}\u00a0%"
        : Unbroken(Numbers.Share(accuracy.Mean));

    private static string AnswerOf(Subnetwork chosen) =>
        chosen.Count == 0 ? "Skip nothing." : $"Skip {Layers([.. chosen.Skipped])} of {chosen.Modules}.";

    private static string? CoinTossWarning(IReadOnlyList<int> layers, string more) => layers.Count == 0
        ? null
        : $"Coin tosses: {Layers(layers)}. It is open whether {(layers.Count == 1 ? "it belongs" : "they belong")} among the least important; {more}.";

    private static string Change(double percent) => Unbroken(Numbers.Change(percent)).Replace('-', '−');

    /// <summary>A change of latency with its interval, and whether it is anything to go by.</summary>
    public static string Latency(double percent, LatencyChange? interval) =>
        Numbers.Change(percent, interval?.LowerPercent, interval?.UpperPercent).Replace(" %", "\u00a0%", StringComparison.Ordinal).Replace('-', '−')
        + (interval switch { null => ", nothing to go by", { IsNarrow: false } => ", too wide to go by", _ => "" });

    // A number and its unit stay on one line.
    private static string Unbroken(string number) => number.Replace(' ', '\u00a0');

    private static string Layers(IReadOnlyList<int> layers) => layers switch
    {
        [var one] => $"layer {Text(one)}",
        _ => $"layers {string.Join(", ", layers.SkipLast(1).Select(Text))} and {Text(layers[^1])}",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A name with what it stands for.</summary>
public sealed record Fact(string Name, string Value);
