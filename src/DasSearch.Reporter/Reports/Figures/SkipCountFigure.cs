using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Importance;
using DasSearch.Reporter.Reports.Tables;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports.Figures;

/// <summary>How often each module was skipped.</summary>
internal static class SkipCountFigure
{
    internal static Figure Draw(ImportanceAnalysis analysis, IReadOnlyList<ModuleInfo> modules, Subnetwork? chosen)
    {
        var (layers, evaluations) = (analysis.Layers, analysis.Evidence.Evaluations);
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
        var plot = Style.Plot();
        var names = Style.Modules(AxisPosition.Left, layers.Select(static layer => $"{layer.Module}"), "layer");
        (names.StartPosition, names.EndPosition) = (1, 0); // the first on top
        var counts = Style.Axis(AxisPosition.Bottom, "evaluations");
        (counts.Minimum, counts.MajorGridlineStyle) = (0, LineStyle.Solid);
        plot.Axes.Add(names);
        plot.Axes.Add(counts);
        var bars = new BarSeries { StrokeThickness = 0 };
        bars.Items.AddRange(layers.Select(layer => new BarItem(layer.Skipped) { Color = chosen?.Contains(layer.Module) ?? false ? Style.Skipped : Style.Kept }));
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
