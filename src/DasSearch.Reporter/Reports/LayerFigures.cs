using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports;

/// <summary>The layer-importance curve, with its intervals.</summary>
internal static class ImportanceFigure
{
    internal static Figure Draw(ComparedRun run, IReadOnlyList<ModuleInfo> modules)
    {
        var (analysis, chosen, evidence) = (run.Importance, run.Plan ?? Subnetwork.Whole(modules.Count), run.Choice);
        var isKnown = analysis.Layers.Any(static layer => layer.Importance is not null);
        var table = Table(analysis, modules, chosen, evidence);
        return new Figure(
            "importance",
            "Layer importance",
            isKnown
                ? ImportanceMethod.Importance(analysis.Confidence) + (evidence is null ? "" : " " + ImportanceMethod.Ranks)
                : "There is not enough evidence yet: importance compares candidates of one round, and takes several rounds.",
            isKnown ? Plot(analysis, modules.Count, chosen) : null,
            table)
        {
            Shown = table.Without("standard_error"),
        };
    }

    private static PlotModel Plot(ImportanceAnalysis analysis, int modules, Subnetwork chosen)
    {
        var plot = FigureStyle.Plot();
        plot.Axes.Add(FigureStyle.Layers(AxisPosition.Bottom, modules));
        var known = analysis.Layers.Where(static layer => layer.Importance is not null).ToList();
        plot.Axes.Add(FigureStyle.Axis(
            AxisPosition.Left, "importance, in reward", known.SelectMany(static layer => new[] { 0, layer.Importance!.Lower, layer.Importance.Upper })));
        plot.Legends.Add(FigureStyle.Legend());
        plot.Annotations.Add(FigureStyle.ZeroLine());
        var curve = new LineSeries { Color = FigureStyle.Faint, StrokeThickness = 1.2 };
        curve.Points.AddRange(known.Select(static layer => new DataPoint(layer.Module, layer.Importance!.Value)));
        plot.Series.Add(curve);
        foreach (var isSkipped in new[] { false, true })
        {
            plot.Series.Add(FigureStyle.Intervals(
                isSkipped, known.Where(layer => chosen.Contains(layer.Module) == isSkipped).Select(static layer => (layer.Module, layer.Importance!))));
        }

        return plot;
    }

    private static DataTable Table(
        ImportanceAnalysis analysis, IReadOnlyList<ModuleInfo> modules, Subnetwork chosen, ChoiceConfidence? evidence) => new(
        [
            new Column("module", "layer", "0"),
            new Column("name", "module"),
            new Column("skipped", "plan"),
            new Column("importance", "importance", "+0.0000;-0.0000;0.0000"),
            new Column("standard_error", "± error", "0.0000"),
            new Column("lower", "from", "+0.0000;-0.0000;0.0000"),
            new Column("upper", "to", "+0.0000;-0.0000;0.0000"),
            new Column("p_value", "p", "0.000"),
            new Column("probability_among_least", $"P(among the {chosen.Count} least)", "0.00"),
            new Column("mean_reward_skipped", "reward skipped", "0.0000"),
            new Column("mean_reward_kept", "reward kept", "0.0000"),
        ],
        [.. analysis.Layers.Select(layer => (IReadOnlyList<object?>)
            [
                layer.Module,
                modules[layer.Module].Name,
                chosen.Contains(layer.Module) ? "skip" : "keep",
                layer.Importance?.Value,
                layer.Importance?.StandardError,
                layer.Importance?.Lower,
                layer.Importance?.Upper,
                layer.Importance?.PValue,
                evidence?.AmongLeast[layer.Module],
                layer.MeanRewardSkipped,
                layer.MeanRewardKept,
            ])]);
}

/// <summary>How often each module was skipped.</summary>
internal static class SkipCountFigure
{
    internal static Figure Draw(ImportanceAnalysis analysis, IReadOnlyList<ModuleInfo> modules, Subnetwork? chosen)
    {
        var (layers, evaluations) = (analysis.Layers, analysis.Rewards.Evaluations);
        return new Figure(
            "skips",
            "How often each layer was skipped",
            evaluations == 0
                ? "Nothing was evaluated yet."
                : $"Evaluations that skipped a layer, of {evaluations.ToString("N0", CultureInfo.InvariantCulture)} that count. A layer that was seldom skipped was seldom tested: what is known of it is "
                    + "less certain.",
            evaluations == 0 ? null : Plot(layers, chosen),
            Table(layers, modules, evaluations),
            Height: 90 + (22 * layers.Count));
    }

    private static PlotModel Plot(IReadOnlyList<LayerImportance> layers, Subnetwork? chosen)
    {
        var plot = FigureStyle.Plot();
        var names = FigureStyle.Modules(AxisPosition.Left, layers.Select(static layer => $"{layer.Module}"), "layer");
        (names.StartPosition, names.EndPosition) = (1, 0); // the first on top
        var counts = FigureStyle.Axis(AxisPosition.Bottom, "evaluations");
        (counts.Minimum, counts.MajorGridlineStyle) = (0, LineStyle.Solid);
        plot.Axes.Add(names);
        plot.Axes.Add(counts);
        var bars = new BarSeries { StrokeThickness = 0 };
        bars.Items.AddRange(layers.Select(layer => new BarItem(layer.Skipped) { Color = chosen?.Contains(layer.Module) ?? false ? FigureStyle.Skipped : FigureStyle.Kept }));
        plot.Series.Add(bars);
        return plot;
    }

    private static DataTable Table(IReadOnlyList<LayerImportance> layers, IReadOnlyList<ModuleInfo> modules, long evaluations) => new(
        [
            new Column("module", "layer", "0"),
            new Column("name", "module"),
            new Column("n_skipped", "skipped", "N0"),
            new Column("n_kept", "kept", "N0"),
            new Column("mean_reward_skipped", "mean reward skipped", "F4"),
            new Column("mean_reward_kept", "mean reward kept", "F4"),
        ],
        [.. layers.Select(layer => (IReadOnlyList<object?>)
            [layer.Module, modules[layer.Module].Name, layer.Skipped, evaluations - layer.Skipped, layer.MeanRewardSkipped, layer.MeanRewardKept])]);
}

/// <summary>What pairs of modules do together that they do not do apart.</summary>
internal static class InteractionFigure
{
    private const int MostListed = 12;

    internal static Figure Draw(ImportanceAnalysis analysis, IReadOnlyList<ModuleInfo> modules)
    {
        var pairs = analysis.Interactions();
        var known = pairs.Where(static pair => pair.Effect is not null).ToList();
        var table = Table(pairs);
        return new Figure(
            "interactions",
            "Interactions of layers",
            known.Count == 0
                ? "There is not enough evidence to tell of pairs."
                : ImportanceMethod.Interactions + " Pairs without a colour were never seen together often enough."
                    + $" {known.Count(static pair => pair.AdjustedPValue <= 0.05)} of {known.Count} pairs stand out of the noise (adjusted p up to 0.05).",
            known.Count == 0 ? null : Plot(known, modules.Count),
            table,
            Height: 470)
        {
            Shown = Foremost(table),
        };
    }

    // The pairs that stand out most.
    private static DataTable Foremost(DataTable table) =>
        table with { Rows = [.. table.Rows.Where(static row => row[^1] is not null).OrderBy(static row => (double)row[^1]!).Take(MostListed)] };

    private static PlotModel Plot(List<PairInteraction> known, int modules)
    {
        var cells = FigureStyle.EmptyCells(modules);
        foreach (var pair in known)
        {
            cells[pair.First, pair.Second] = cells[pair.Second, pair.First] = pair.Effect!.Value;
        }

        var most = known.Max(static pair => Math.Abs(pair.Effect!.Value));
        most = most > 0 ? most : 1;
        var plot = FigureStyle.Plot();
        plot.PlotAreaBorderThickness = new OxyThickness(0);
        foreach (var position in new[] { AxisPosition.Bottom, AxisPosition.Left })
        {
            plot.Axes.Add(FigureStyle.Layers(position, modules));
        }

        plot.Axes.Add(FigureStyle.Diverging("reward beyond the sum of both", most));
        plot.Series.Add(FigureStyle.Cells(cells));
        return plot;
    }

    private static DataTable Table(IReadOnlyList<PairInteraction> pairs) => new(
        [
            new Column("first", "layer", "0"),
            new Column("second", "and", "0"),
            new Column("together", "skipped together", "N0"),
            new Column("interaction", "interaction", "+0.0000;-0.0000;0.0000"),
            new Column("standard_error", "± error", "0.0000"),
            new Column("p_value", "p", "0.000"),
            new Column("adjusted_p_value", "adjusted p", "0.000"),
        ],
        [.. pairs.Select(static pair => (IReadOnlyList<object?>)
            [pair.First, pair.Second, pair.Together, pair.Effect?.Value, pair.Effect?.StandardError, pair.Effect?.PValue, pair.AdjustedPValue])]);
}
