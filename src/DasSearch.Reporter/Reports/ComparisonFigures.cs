using System.Globalization;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports;

/// <summary>The importance of layers over several runs, with what each run says.</summary>
internal static class ConsensusFigure
{
    internal static Figure Draw(RunComparison comparison)
    {
        var table = Table(comparison);
        return new Figure(
            "consensus",
            "Layer importance over all runs",
            comparison.Consensus is null
                ? $"The runs have no consensus, since {comparison.NoConsensus}. The table has what each of them says."
                : $"{ImportanceMethod.Consensus} Faint points are the single runs. {ImportanceMethod.Ranks}",
            comparison.Consensus is null ? null : Plot(comparison, comparison.Consensus),
            table)
        {
            Shown = table.Without("standard_error"),
        };
    }

    private static PlotModel Plot(RunComparison comparison, Consensus consensus)
    {
        var plot = FigureStyle.Plot();
        plot.Axes.Add(FigureStyle.Layers(AxisPosition.Bottom, consensus.Layers.Count));
        var singles = comparison.Runs.SelectMany(static run => run.Importance.Layers).Select(static layer => layer.Importance).OfType<Estimate>();
        var intervals = consensus.Layers.SelectMany(static layer => new[] { 0, layer.Importance.Lower, layer.Importance.Upper });
        plot.Axes.Add(FigureStyle.Axis(AxisPosition.Left, "importance, in reward", intervals.Concat(singles.Select(static single => single.Value))));
        plot.Legends.Add(FigureStyle.Legend());
        plot.Annotations.Add(FigureStyle.ZeroLine());
        var single = new ScatterSeries { Title = "one run", MarkerType = MarkerType.Circle, MarkerSize = 2.5, MarkerFill = FigureStyle.Faint };
        single.Points.AddRange(
            from run in comparison.Runs
            from layer in run.Importance.Layers
            where layer.Importance is not null
            select new ScatterPoint(layer.Module, layer.Importance!.Value));
        plot.Series.Add(single);
        foreach (var areSkipped in new[] { false, true })
        {
            plot.Series.Add(FigureStyle.Intervals(
                areSkipped,
                consensus.Layers.Where(layer => consensus.Plan.Contains(layer.Module) == areSkipped).Select(static layer => (layer.Module, layer.Importance))));
        }

        return plot;
    }

    private static DataTable Table(RunComparison comparison)
    {
        var consensus = comparison.Consensus;
        return new DataTable(
            [
                new Column("module", "layer", "0"),
                new Column("name", "module"),
                new Column("skipped", "consensus"),
                new Column("importance", "importance", "+0.0000;-0.0000;0.0000"),
                new Column("standard_error", "± error", "0.0000"),
                new Column("lower", "from", "+0.0000;-0.0000;0.0000"),
                new Column("upper", "to", "+0.0000;-0.0000;0.0000"),
                new Column("probability_among_least", consensus is null ? "P(least)" : $"P(among the {consensus.Plan.Count} least)", "0.00"),
                new Column("planned", $"plans of {comparison.Runs.Count}", "0"),
                .. comparison.Runs.Select(run => new Column(
                    FormattableString.Invariant($"importance_run_{run.Number}"), FormattableString.Invariant($"run {run.Number}"), "+0.0000;-0.0000;0.0000")),
            ],
            [.. comparison.Runs[0].Details.Costs.Modules.Select(costs => Row(comparison, costs.Module.Index, costs.Module.Name))]);
    }

    private static IReadOnlyList<object?> Row(RunComparison comparison, int module, string name)
    {
        var layer = comparison.Consensus?.Layers[module];
        return
        [
            module,
            name,
            comparison.Consensus is null ? null : comparison.Consensus.Plan.Contains(module) ? "skip" : "keep",
            layer?.Importance.Value,
            layer?.Importance.StandardError,
            layer?.Importance.Lower,
            layer?.Importance.Upper,
            layer?.AmongLeast,
            comparison.Runs.Count(run => run.Plan?.Contains(module) ?? false),
            .. comparison.Runs.Select(run => (object?)run.Importance.Layers[module].Importance?.Value),
        ];
    }
}

/// <summary>How far each two runs agree: the stability of plans and of rankings.</summary>
internal static class AgreementFigure
{
    // A square of fewer says no more than its table.
    private const int FewestDrawn = 3;

    internal static Figure Draw(RunComparison comparison)
    {
        var isDrawn = comparison.Runs.Count >= FewestDrawn;
        return new Figure(
            "agreement",
            "How far the runs agree",
            "Jaccard is the share of skipped layers that two plans have in common, of all that either skips; beside it what random plans would have. "
                + "Kendall's τ and Spearman's ρ compare the rankings of importance: 1 is the same order, 0 is no more than chance."
                + (isDrawn ? " The square has Jaccard above its diagonal and Kendall's τ below." : ""),
            isDrawn ? Plot(comparison) : null,
            Table(comparison.Agreements),
            Height: 420);
    }

    private static PlotModel Plot(RunComparison comparison)
    {
        var numbers = comparison.Runs.Select(static run => run.Number).ToList();
        var cells = FigureStyle.EmptyCells(numbers.Count);
        foreach (var pair in comparison.Agreements)
        {
            var (first, second) = (numbers.IndexOf(pair.First), numbers.IndexOf(pair.Second));
            cells[second, first] = pair.KendallTau ?? double.NaN;
            cells[first, second] = pair.Jaccard ?? double.NaN;
        }

        var plot = FigureStyle.Plot();
        plot.PlotAreaBorderThickness = new OxyThickness(0);
        foreach (var position in new[] { AxisPosition.Bottom, AxisPosition.Left })
        {
            plot.Axes.Add(FigureStyle.Modules(position, numbers.Select(static number => number.ToString(CultureInfo.InvariantCulture)), "run"));
        }

        plot.Axes.Add(FigureStyle.Diverging("Jaccard, Kendall's τ", 1));
        plot.Series.Add(FigureStyle.Cells(cells));
        for (var i = 0; i < numbers.Count; i++)
        {
            for (var j = 0; j < numbers.Count; j++)
            {
                if (!double.IsNaN(cells[i, j]))
                {
                    plot.Annotations.Add(FigureStyle.Label(i, j, cells[i, j].ToString("0.00", CultureInfo.InvariantCulture)));
                }
            }
        }

        return plot;
    }

    private static DataTable Table(IReadOnlyList<RunAgreement> pairs) => new(
        [
            new Column("first_run", "run", "0"),
            new Column("second_run", "and", "0"),
            new Column("jaccard", "Jaccard of plans", "0.00"),
            new Column("jaccard_by_chance", "by chance", "0.00"),
            new Column("kendall_tau", "Kendall's τ", "0.00"),
            new Column("spearman_rho", "Spearman's ρ", "0.00"),
        ],
        [.. pairs.Select(static pair =>
            (IReadOnlyList<object?>)[pair.First, pair.Second, pair.Jaccard, pair.JaccardByChance, pair.KendallTau, pair.Spearman])]);
}

/// <summary>In what the searches differ.</summary>
internal static class SettingsTable
{
    internal static Figure Of(RunComparison comparison) => new(
        "settings",
        "Settings in which the runs differ",
        comparison.Settings.Count == 0 ? "They differ in name and seed alone." : "Name and seed apart.",
        Plot: null,
        new DataTable(
            [
                new Column("setting", "setting"),
                .. comparison.Runs.Select(static run =>
                    new Column(FormattableString.Invariant($"run_{run.Number}"), FormattableString.Invariant($"run {run.Number}"))),
            ],
            [.. comparison.Settings.Select(static setting => (IReadOnlyList<object?>)[setting.Key, .. setting.Values])]));
}
