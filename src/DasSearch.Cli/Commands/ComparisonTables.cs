using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;

namespace DasSearch.Cli.Commands;

/// <summary>A comparison of runs as a person reads it.</summary>
/// <param name="comparison">The comparison.</param>
internal sealed class ComparisonTables(RunComparison comparison)
{
    private readonly IReadOnlyList<ComparedRun> _runs = comparison.Runs;

    /// <summary>Prints it.</summary>
    internal void Print(Terminal terminal)
    {
        terminal.Write(Searches());
        if (comparison.Settings.Count > 0)
        {
            terminal.WriteLine();
            terminal.Write(Settings());
        }

        terminal.WriteLine();
        terminal.Write(Plans());
        terminal.WriteLine();
        terminal.Write(Agreements());
        terminal.WriteLine();
        terminal.Write(Layers());
        if (_runs.Any(run => run.Trained.Count > 0))
        {
            terminal.WriteLine();
            terminal.Write(Trained());
        }

        if (comparison.Vtab.Count > 0)
        {
            terminal.WriteLine();
            terminal.Write(Vtab());
        }

        terminal.WriteLine();
        foreach (var line in Verdict())
        {
            terminal.WriteLine(line, indent: 14);
        }

        terminal.WriteLine();
        terminal.WriteLine(ImportanceMethod.Importance(_runs[0].Importance.Confidence));
        terminal.WriteLine(ImportanceMethod.Ranks);
    }

    private TextTable Searches()
    {
        var table = new TextTable(
            ">run", "name", "task", "backbone", "controller", ">skip", ">seed", "status", ">rounds", ">evaluations", ">took");
        foreach (var run in _runs)
        {
            var summary = run.Details.Summary;
            table.Add(
                Numbers.Whole(run.Number),
                summary.Name,
                summary.Task,
                summary.Backbone,
                summary.Controller,
                Numbers.Whole(summary.Skip),
                Numbers.Whole(summary.Seed),
                StatusText.Of(summary),
                Numbers.Count(summary.Rounds),
                Numbers.Count(summary.Evaluations),
                summary.Took);
        }

        return table;
    }

    private TextTable Vtab()
    {
        var table = new TextTable(["VTAB-1K", .. comparison.Vtab[0].Groups.Select(static group => $">{group.Name}"), ">mean of groups", ">mean of tasks"]);
        foreach (var method in comparison.Vtab)
        {
            table.Add(
            [
                method.Method,
                .. method.Groups.Select(static group => group.Mean is { } mean ? $"{Numbers.Share(mean)}, {group.Tasks} of {group.OfTasks} tasks" : "–"),
                method.MeanOfGroups is { } mean ? Numbers.Share(mean) : "–",
                Numbers.Share(method.MeanOfTasks),
            ]);
        }

        return table;
    }

    private TextTable Settings()
    {
        var table = new TextTable(["setting", .. _runs.Select(run => $"run {run.Number}")]);
        foreach (var setting in comparison.Settings)
        {
            table.Add([setting.Key, .. setting.Values.Select(value => value ?? "–")]);
        }

        return table;
    }

    private TextTable Plans()
    {
        var table = new TextTable(
            ">run", "plan skips", ">P(right)", ">margin", ">p", ">reliability", ">multiply-accumulates", ">trained parameters");
        foreach (var run in _runs)
        {
            var margin = run.Choice?.Margin?.Difference;
            table.Add(
                Numbers.Whole(run.Number),
                run.Plan?.ToString() ?? "–",
                Numbers.Probability(run.Choice?.ProbabilityCorrect),
                Interval(margin),
                Numbers.PValue(margin?.PValue),
                Numbers.Decimals(run.Importance.SplitHalf()?.Reliability, 2),
                Numbers.Change(run.Cost?.ChangePercent),
                Numbers.Count(run.Cost?.TrainableParameters));
        }

        return table;
    }

    private TextTable Agreements()
    {
        var table = new TextTable(">runs", ">Jaccard of plans", ">by chance", ">Kendall τ of importance", ">Spearman ρ");
        foreach (var pair in comparison.Agreements)
        {
            table.Add(
                string.Create(CultureInfo.InvariantCulture, $"{pair.First}, {pair.Second}"),
                Numbers.Decimals(pair.Jaccard, 2),
                Numbers.Decimals(pair.JaccardByChance, 2),
                Numbers.Decimals(pair.KendallTau, 2),
                Numbers.Decimals(pair.Spearman, 2));
        }

        return table;
    }

    private TextTable Layers()
    {
        var consensus = comparison.Consensus;
        string[] together = consensus is null ? [] : [">together", ">P(least)", ">planned"];
        var table = new TextTable([">module", "importance of", .. _runs.Select(run => $">run {run.Number}"), .. together]);
        foreach (var costs in _runs[0].Details.Costs.Modules)
        {
            var module = costs.Module.Index;
            var cells = new List<string> { Numbers.Whole(module), costs.Module.Name };
            cells.AddRange(_runs.Select(run =>
                Interval(run.Importance.Layers[module].Importance) + (run.Plan?.Contains(module) ?? false ? " skip" : "     ")));
            if (consensus?.Layers[module] is { } layer)
            {
                cells.Add(Interval(layer.Importance) + (consensus.Plan.Contains(module) ? " skip" : "     "));
                cells.Add(Numbers.Probability(layer.AmongLeast));
                cells.Add(string.Create(CultureInfo.InvariantCulture, $"{layer.Planned} of {_runs.Count}"));
            }

            table.Add([.. cells]);
        }

        return table;
    }

    private TextTable Trained()
    {
        var trained = _runs.SelectMany(run => run.Trained);
        var metrics = trained.SelectMany(plan => plan.Metrics.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        var table = new TextTable(
        [
            ">run", "trained plan skips", "method", ">epochs", ">seeds", .. metrics.Select(name => $">{name}"),
            ">multiply-accumulates", ">trained parameters", ">latency, 95 % interval",
        ])
        {
            Keys = 2,
        };
        foreach (var run in _runs)
        {
            foreach (var plan in run.Trained)
            {
                table.Add(
                [
                    Numbers.Whole(run.Number),
                    plan.Subnetwork.ToString(),
                    plan.Method,
                    Numbers.Whole(plan.Epochs),
                    Numbers.Whole(plan.Seeds.Count),
                    .. metrics.Select(name => plan.Metrics.TryGetValue(name, out var figure) ? Figure(figure) : "–"),
                    Numbers.Change(plan.Cost.ChangePercent),
                    Numbers.Count(plan.Cost.TrainableParameters),
                    Numbers.Change(plan.LatencyChangePercent, plan.Latency?.LowerPercent, plan.Latency?.UpperPercent),
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

        var margin = consensus.Margin is { Difference: { } gap } ? $", margin {Interval(gap)} (p {Numbers.PValue(gap.PValue)})" : "";
        var tosses = consensus.CoinTosses.Count > 0 ? string.Join(", ", consensus.CoinTosses) : "none";
        var (between, share) = (Numbers.Value(consensus.BetweenRuns), Numbers.Chance(consensus.Heterogeneity));
        yield return $"consensus     skip {consensus.Plan}, P(right) {Numbers.Probability(consensus.ProbabilityCorrect)}{margin}";
        yield return $"coin tosses   {tosses}: among the {consensus.Plan.Count} least important with a probability of 25 to 75 %";
        yield return $"between runs  importance scatters by {between}: {share} of what the runs differ by, the rest being noise";
    }

    private static string Figure(MetricSummary figure) =>
        Numbers.Value(figure.Mean) + (figure.StandardDeviation is { } deviation ? $" ±{Numbers.Value(deviation)}" : "");

    private static string Interval(Estimate? estimate) => estimate is null
        ? "–"
        : $"{Numbers.WithSign(estimate.Value)} ±{Numbers.Value(estimate.Upper - estimate.Value)}";
}
