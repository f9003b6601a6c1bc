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
        var (analysis, chosen, confidence) = (run.Importance, run.Plan ?? Subnetwork.Whole(modules.Count), run.Choice);
        var isKnown = analysis.Layers.Any(static layer => layer.Importance is not null);
        var table = Table(analysis, modules, chosen, confidence);
        return new Figure(
            "importance",
            "Layer importance",
            isKnown
                ? ImportanceMethod.Importance(analysis.Confidence) + (confidence is null ? "" : " " + ImportanceMethod.Ranks)
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
        var ends = known.SelectMany(static layer => new[] { 0, layer.Importance!.Lower, layer.Importance.Upper });
        plot.Axes.Add(FigureStyle.Axis(AxisPosition.Left, "importance, in reward", ends));
        plot.Legends.Add(FigureStyle.Legend());
        plot.Annotations.Add(FigureStyle.ZeroLine());
        var curve = new LineSeries { Color = FigureStyle.Faint, StrokeThickness = 1.2 };
        curve.Points.AddRange(known.Select(static layer => new DataPoint(layer.Module, layer.Importance!.Value)));
        plot.Series.Add(curve);
        foreach (var isSkipped in new[] { false, true })
        {
            var layers = known.Where(layer => chosen.Contains(layer.Module) == isSkipped);
            plot.Series.Add(FigureStyle.Intervals(isSkipped, layers.Select(static layer => (layer.Module, layer.Importance!))));
        }

        return plot;
    }

    private static DataTable Table(
        ImportanceAnalysis analysis, IReadOnlyList<ModuleInfo> modules, Subnetwork chosen, ChoiceConfidence? confidence) => DataTable.Of(
        analysis.Layers,
        (new Column("module", "layer", Numbers.Whole), static layer => layer.Module),
        (new Column("name", "module"), layer => modules[layer.Module].Name),
        (new Column("skipped", "plan"), layer => chosen.Contains(layer.Module) ? "skip" : "keep"),
        (new Column("importance", "importance", Numbers.WithSign), static layer => layer.Importance?.Value),
        (new Column("standard_error", "± error", Numbers.Value), static layer => layer.Importance?.StandardError),
        (new Column("lower", "from", Numbers.WithSign), static layer => layer.Importance?.Lower),
        (new Column("upper", "to", Numbers.WithSign), static layer => layer.Importance?.Upper),
        (new Column("p_value", "p", Numbers.PValue), static layer => layer.Importance?.PValue),
        (new Column("probability_among_least", $"P(among the {chosen.Count} least)", Numbers.Probability), layer => confidence?.AmongLeast[layer.Module]),
        (new Column("mean_reward_skipped", "reward skipped", Numbers.Value), static layer => layer.MeanRewardSkipped),
        (new Column("mean_reward_kept", "reward kept", Numbers.Value), static layer => layer.MeanRewardKept));
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
                : $"Evaluations that skipped a layer, of {Numbers.Count(evaluations)} that count. "
                    + "A layer that was seldom skipped was seldom tested: what is known of it is less certain.",
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
        bars.Items.AddRange(layers.Select(layer => new BarItem(layer.Skipped)
        {
            Color = chosen?.Contains(layer.Module) ?? false ? FigureStyle.Skipped : FigureStyle.Kept,
        }));
        plot.Series.Add(bars);
        return plot;
    }

    private static DataTable Table(IReadOnlyList<LayerImportance> layers, IReadOnlyList<ModuleInfo> modules, long evaluations) => DataTable.Of(
        layers,
        (new Column("module", "layer", Numbers.Whole), static layer => layer.Module),
        (new Column("name", "module"), layer => modules[layer.Module].Name),
        (new Column("n_skipped", "skipped", Numbers.Count), static layer => layer.Skipped),
        (new Column("n_kept", "kept", Numbers.Count), layer => evaluations - layer.Skipped),
        (new Column("mean_reward_skipped", "mean reward skipped", Numbers.Value), static layer => layer.MeanRewardSkipped),
        (new Column("mean_reward_kept", "mean reward kept", Numbers.Value), static layer => layer.MeanRewardKept));
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
                    + $" {known.Count(static pair => pair.AdjustedPValue <= 0.05)} of {known.Count} pairs stand out of the noise"
                    + " (adjusted p up to 0.05).",
            known.Count == 0 ? null : Plot(known, modules.Count),
            table,
            Height: 470)
        {
            Shown = Foremost(table),
        };
    }

    // The pairs that stand out most.
    private static DataTable Foremost(DataTable table) => table with
    {
        Rows = [.. table.Rows.Where(static row => row[^1] is not null).OrderBy(static row => (double)row[^1]!).Take(MostListed)],
    };

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

    private static DataTable Table(IReadOnlyList<PairInteraction> pairs) => DataTable.Of(
        pairs,
        (new Column("first", "layer", Numbers.Whole), static pair => pair.First),
        (new Column("second", "and", Numbers.Whole), static pair => pair.Second),
        (new Column("together", "skipped together", Numbers.Count), static pair => pair.Together),
        (new Column("interaction", "interaction", Numbers.WithSign), static pair => pair.Effect?.Value),
        (new Column("standard_error", "± error", Numbers.Value), static pair => pair.Effect?.StandardError),
        (new Column("p_value", "p", Numbers.PValue), static pair => pair.Effect?.PValue),
        (new Column("adjusted_p_value", "adjusted p", Numbers.PValue), static pair => pair.AdjustedPValue));
}
