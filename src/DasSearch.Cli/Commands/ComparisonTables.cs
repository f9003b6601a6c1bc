using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using Spectre.Console;

namespace DasSearch.Cli.Commands;

/// <summary>A comparison of runs as a person reads it.</summary>
/// <param name="comparison">The comparison.</param>
internal sealed class ComparisonTables(RunComparison comparison)
{
    private const string Signed = "+0.0000;-0.0000;0.0000";
    private const string Percent = "+0.0;-0.0;0.0";

    private readonly IReadOnlyList<ComparedRun> _runs = comparison.Runs;

    /// <summary>Prints it.</summary>
    internal void Print(IAnsiConsole console)
    {
        console.Write(Searches());
        if (comparison.Settings.Count > 0)
        {
            console.WriteLine();
            console.Write(Settings());
        }

        console.WriteLine();
        console.Write(Plans());
        console.WriteLine();
        console.Write(Agreements());
        console.WriteLine();
        console.Write(Layers());
        if (_runs.Any(run => run.Trained.Count > 0))
        {
            console.WriteLine();
            console.Write(Trained());
        }

        console.WriteLine();
        foreach (var line in Verdict())
        {
            console.WriteLine(line);
        }

        console.WriteLine();
        console.WriteLine(ImportanceMethod.Importance(_runs[0].Importance.Confidence));
        console.WriteLine(ImportanceMethod.Ranks);
    }

    private Table Searches()
    {
        var table = Tables.Create(
            ">run", "name", "task", "backbone", "controller", ">skip", ">seed", "status", ">rounds", ">evaluations", ">took");
        foreach (var run in _runs)
        {
            var summary = run.Details.Summary;
            table.Add(
                Text(run.Number),
                summary.Name,
                summary.Task,
                summary.Backbone,
                summary.Controller,
                Text(summary.Skip),
                Text(summary.Seed),
                EnumNames.NameOf(summary.Status),
                Tables.Count(summary.Rounds),
                Tables.Count(summary.Evaluations),
                Durations.Text(run.Took));
        }

        return table;
    }

    private Table Settings()
    {
        var table = Tables.Create(["setting", .. _runs.Select(run => $"run {run.Number}")]);
        foreach (var setting in comparison.Settings)
        {
            table.Add([setting.Key, .. setting.Values.Select(value => value ?? "–")]);
        }

        return table;
    }

    private Table Plans()
    {
        var table = Tables.Create(
            ">run", "plan skips", ">P(right)", ">margin", ">p", ">reliability", ">multiply-accumulates", ">trained parameters");
        foreach (var run in _runs)
        {
            var margin = run.Choice?.Margin?.Difference;
            table.Add(
                Text(run.Number),
                run.Plan?.ToString() ?? "–",
                Tables.Number(run.Choice?.ProbabilityCorrect, "F2"),
                Interval(margin),
                Tables.Number(margin?.PValue, "F3"),
                Tables.Number(run.Importance.SplitHalf()?.Reliability, "F2"),
                run.Cost is { } cost ? Tables.Number(cost.ChangePercent, Percent) + " %" : "–",
                run.Cost is { } its ? Tables.Count(its.TrainableParameters) : "–");
        }

        return table;
    }

    private Table Agreements()
    {
        var table = Tables.Create(">runs", ">Jaccard of plans", ">by chance", ">Kendall τ of importance", ">Spearman ρ");
        foreach (var pair in comparison.Agreements)
        {
            table.Add(
                string.Create(CultureInfo.InvariantCulture, $"{pair.First}, {pair.Second}"),
                Tables.Number(pair.Jaccard, "F2"),
                Tables.Number(pair.JaccardByChance, "F2"),
                Tables.Number(pair.KendallTau, "F2"),
                Tables.Number(pair.Spearman, "F2"));
        }

        return table;
    }

    private Table Layers()
    {
        var consensus = comparison.Consensus;
        string[] together = consensus is null ? [] : [">together", ">P(least)", ">planned"];
        var table = Tables.Create([">module", "importance of", .. _runs.Select(run => $">run {run.Number}"), .. together]);
        foreach (var costs in _runs[0].Details.Costs.Modules)
        {
            var module = costs.Module.Index;
            var cells = new List<string> { Text(module), costs.Module.Name };
            cells.AddRange(_runs.Select(run =>
                Interval(run.Importance.Layers[module].Importance) + (run.Plan?.Contains(module) ?? false ? " skip" : "     ")));
            if (consensus?.Layers[module] is { } layer)
            {
                cells.Add(Interval(layer.Importance) + (consensus.Plan.Contains(module) ? " skip" : "     "));
                cells.Add(Tables.Number(layer.AmongLeast, "F2"));
                cells.Add(string.Create(CultureInfo.InvariantCulture, $"{layer.Planned} of {_runs.Count}"));
            }

            table.Add([.. cells]);
        }

        return table;
    }

    private Table Trained()
    {
        var trained = _runs.SelectMany(run => run.Trained);
        var metrics = trained.SelectMany(plan => plan.Metrics.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        var table = Tables.Create(
        [
            ">run", "trained plan skips", "method", ">epochs", ">seeds", .. metrics.Select(name => $">{name}"),
            ">multiply-accumulates", ">trained parameters", ">latency",
        ]);
        foreach (var run in _runs)
        {
            foreach (var plan in run.Trained)
            {
                table.Add(
                [
                    Text(run.Number),
                    plan.Subnetwork.ToString(),
                    plan.Method,
                    Text(plan.Epochs),
                    Text(plan.Seeds.Count),
                    .. metrics.Select(name => plan.Metrics.TryGetValue(name, out var figure) ? Figure(figure) : "–"),
                    Tables.Number(plan.Cost.ChangePercent, Percent) + " %",
                    Tables.Count(plan.Cost.TrainableParameters),
                    plan.LatencyChangePercent is { } change ? Tables.Number(change, Percent) + " %" : "–",
                ]);
            }
        }

        return table;
    }

    private IEnumerable<string> Verdict()
    {
        if (comparison.Consensus is not { } consensus)
        {
            yield return $"no consensus: {comparison.NoConsensus}";
            yield break;
        }

        var margin = consensus.Margin is { Difference: { } gap } ? $", margin {Interval(gap)} (p {Tables.Number(gap.PValue, "F3")})" : "";
        var tosses = consensus.CoinTosses.Count > 0 ? string.Join(", ", consensus.CoinTosses) : "none";
        var (between, share) = (Tables.Number(consensus.BetweenRuns, "F4"), Tables.Number(100 * consensus.Heterogeneity, "F0"));
        yield return $"consensus     skip {consensus.Plan}, P(right) {Tables.Number(consensus.ProbabilityCorrect, "F2")}{margin}";
        yield return $"coin tosses   {tosses}: among the {consensus.Plan.Count} least important with a probability of 25 to 75 %";
        yield return $"between runs  importance scatters by {between}: {share} % of what the runs differ by, the rest being noise";
    }

    private static string Figure(MetricSummary figure) =>
        Tables.Number(figure.Mean, "F4") + (figure.StandardDeviation is { } deviation ? $" ±{Tables.Number(deviation, "F4")}" : "");

    private static string Interval(Estimate? estimate) => estimate is null
        ? "–"
        : $"{Tables.Number(estimate.Value, Signed)} ±{Tables.Number(estimate.Upper - estimate.Value, "F4")}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
