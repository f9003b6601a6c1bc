using DasSearch.Core;
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
        var singles = comparison.Runs.SelectMany(static run => run.Importance.Layers).Select(static layer => layer.Importance?.Value).OfType<double>();
        var ends = consensus.Layers.SelectMany(static layer => new[] { 0, layer.Importance.Lower, layer.Importance.Upper });
        plot.Axes.Add(FigureStyle.Axis(AxisPosition.Left, "importance, in reward", ends.Concat(singles)));
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
            var layers = consensus.Layers.Where(layer => consensus.Plan.Contains(layer.Module) == areSkipped);
            plot.Series.Add(FigureStyle.Intervals(areSkipped, layers.Select(static layer => (layer.Module, layer.Importance))));
        }

        return plot;
    }

    private static DataTable Table(RunComparison comparison)
    {
        var consensus = comparison.Consensus;
        var least = consensus is null ? "P(least)" : $"P(among the {consensus.Plan.Count} least)";
        return DataTable.Of<(int Index, string Name, ConsensusLayer? Together)>(
            comparison.Runs[0].Details.Costs.Modules.Select(costs =>
                (costs.Module.Index, costs.Module.Name, consensus?.Layers[costs.Module.Index])),
            [
                (new Column("module", "layer", Numbers.Whole), static layer => layer.Index),
                (new Column("name", "module"), static layer => layer.Name),
                (new Column("skipped", "consensus"), layer => consensus is null ? null : consensus.Plan.Contains(layer.Index) ? "skip" : "keep"),
                (new Column("importance", "importance", Numbers.WithSign), static layer => layer.Together?.Importance.Value),
                (new Column("standard_error", "± error", Numbers.Value), static layer => layer.Together?.Importance.StandardError),
                (new Column("lower", "from", Numbers.WithSign), static layer => layer.Together?.Importance.Lower),
                (new Column("upper", "to", Numbers.WithSign), static layer => layer.Together?.Importance.Upper),
                (new Column("probability_among_least", least, Numbers.Probability), static layer => layer.Together?.AmongLeast),
                (new Column("planned", $"plans of {comparison.Runs.Count}", Numbers.Whole), layer =>
                    comparison.Runs.Count(run => run.Plan?.Contains(layer.Index) ?? false)),
                .. comparison.Runs.Select(run => (
                    new Column(FormattableString.Invariant($"importance_run_{run.Number}"), FormattableString.Invariant($"run {run.Number}"), Numbers.WithSign),
                    (Func<(int Index, string Name, ConsensusLayer? Together), object?>)(layer => run.Importance.Layers[layer.Index].Importance?.Value))),
            ]);
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
            "Jaccard is the share of skipped layers that two plans have in common, of all that either skips; "
                + "beside it what random plans would have. Kendall's τ and Spearman's ρ compare the rankings of importance: 1 is the same order, 0 is no more than chance."
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
        var names = numbers.ConvertAll(static number => number.ToString(CultureInfo.InvariantCulture));
        foreach (var position in new[] { AxisPosition.Bottom, AxisPosition.Left })
        {
            plot.Axes.Add(FigureStyle.Modules(position, names, "run"));
        }

        plot.Axes.Add(FigureStyle.Diverging("Jaccard, Kendall's τ", 1));
        plot.Series.Add(FigureStyle.Cells(cells));
        for (var i = 0; i < numbers.Count; i++)
        {
            for (var j = 0; j < numbers.Count; j++)
            {
                if (!double.IsNaN(cells[i, j]))
                {
                    plot.Annotations.Add(FigureStyle.Label(i, j, Column.Ratio(cells[i, j])));
                }
            }
        }

        return plot;
    }

    private static DataTable Table(IReadOnlyList<RunAgreement> pairs) => DataTable.Of(
        pairs,
        (new Column("first_run", "run", Numbers.Whole), static pair => pair.First),
        (new Column("second_run", "and", Numbers.Whole), static pair => pair.Second),
        (new Column("jaccard", "Jaccard of plans", Column.Ratio), static pair => pair.Jaccard),
        (new Column("jaccard_by_chance", "by chance", Column.Ratio), static pair => pair.JaccardByChance),
        (new Column("kendall_tau", "Kendall's τ", Column.Ratio), static pair => pair.KendallTau),
        (new Column("spearman_rho", "Spearman's ρ", Column.Ratio), static pair => pair.Spearman));
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
