using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using DasSearch.Reporter.Reports.Tables;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports.Figures;

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
        var plot = Style.Plot();
        plot.Axes.Add(Style.Layers(AxisPosition.Bottom, consensus.Layers.Count));
        plot.Axes.Add(Style.Axis(AxisPosition.Left, "importance, in reward"));
        plot.Legends.Add(Style.Legend());
        plot.Annotations.Add(Style.Nothing());
        var single = new ScatterSeries { Title = "one run", MarkerType = MarkerType.Circle, MarkerSize = 2.5, MarkerFill = Style.Faint };
        single.Points.AddRange(
            from run in comparison.Runs
            from layer in run.Importance.Layers
            where layer.Importance is not null
            select new ScatterPoint(layer.Module, layer.Importance!.Value));
        plot.Series.Add(single);
        foreach (var areSkipped in new[] { false, true })
        {
            plot.Series.Add(Style.Intervals(
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
