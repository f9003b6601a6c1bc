using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports;

/// <summary>Importance by depth, a curve for each group of modules: do text and image layers differ, or attention and feed-forward parts?</summary>
internal static class StreamFigure
{
    // Side by side at one depth, so that their intervals do not hide each other.
    private const double Apart = 0.07;

    /// <summary>Of one run; null where its modules are all alike.</summary>
    internal static Figure? Draw(ImportanceAnalysis analysis, IReadOnlyList<ModuleInfo> modules) => Draw(
        modules,
        [.. analysis.Layers.Select(static layer => layer.Importance)],
        analysis.MeanImportance,
        "");

    /// <summary>Of several runs together; null where modules are all alike, or runs have no consensus.</summary>
    internal static Figure? Draw(RunComparison comparison) => comparison.Consensus is { } consensus
        ? Draw(
            [.. comparison.Runs[0].Details.Costs.Modules.Select(static costs => costs.Module)],
            [.. consensus.Layers.Select(static layer => layer.Importance)],
            consensus.MeanImportance,
            " over all runs")
        : null;

    private static Figure? Draw(
        IReadOnlyList<ModuleInfo> modules, IReadOnlyList<Estimate?> importance, Func<IReadOnlyList<int>, Estimate?> mean, string whose)
    {
        var groups = ModuleGroup.Of(modules);
        if (groups.Count == 0)
        {
            return null;
        }

        var means = groups.Select(group => mean(group.Modules)).ToList();
        var isKnown = means.Exists(static known => known is not null);
        return new Figure(
            "streams",
            "Importance by stream and kind" + whose,
            isKnown
                ? "A layer's importance by its place among its like. On average: "
                    + string.Join("; ", groups.Zip(means, static (group, known) => $"{group.Name} {Text(known)}"))
                    + ". Importance is relative: a group above 0 is needed more than the average module, whatever else is skipped."
                : "There is not enough evidence yet to compare groups of layers.",
            isKnown ? Plot(groups, importance) : null,
            Table(modules, groups, importance, means));
    }

    private static string Text(Estimate? mean) => mean is null
        ? "not known"
        : $"{Numbers.WithSign(mean.Value)} ({Numbers.WithSign(mean.Lower)} to {Numbers.WithSign(mean.Upper)}, p {Numbers.PValue(mean.PValue)})";

    private static PlotModel Plot(IReadOnlyList<ModuleGroup> groups, IReadOnlyList<Estimate?> importance)
    {
        var plot = FigureStyle.Plot();
        plot.Axes.Add(FigureStyle.Layers(AxisPosition.Bottom, groups.Max(static group => group.Modules.Count)));
        var ends = importance.OfType<Estimate>().SelectMany(static known => new[] { 0, known.Lower, known.Upper });
        plot.Axes.Add(FigureStyle.Axis(AxisPosition.Left, "importance, in reward", ends));
        plot.Legends.Add(FigureStyle.Legend());
        plot.Annotations.Add(FigureStyle.ZeroLine());
        for (var i = 0; i < groups.Count; i++)
        {
            var color = FigureStyle.Distinct[i % FigureStyle.Distinct.Count];
            var left = Apart * (i - ((groups.Count - 1) / 2.0));
            var known = groups[i].Modules
                .Select((module, depth) => (Depth: depth + left, Estimate: importance[module]))
                .Where(static point => point.Estimate is not null)
                .ToList();
            var curve = new LineSeries { Color = color, StrokeThickness = 1.2 };
            curve.Points.AddRange(known.Select(static point => new DataPoint(point.Depth, point.Estimate!.Value)));
            plot.Series.Add(curve);
            plot.Series.Add(FigureStyle.Intervals(
                groups[i].Name, color, i % 2 == 0 ? MarkerType.Circle : MarkerType.Diamond, known.Select(static point => (point.Depth, point.Estimate!))));
        }

        return plot;
    }

    private static DataTable Table(
        IReadOnlyList<ModuleInfo> modules, IReadOnlyList<ModuleGroup> groups, IReadOnlyList<Estimate?> importance, IReadOnlyList<Estimate?> means) =>
        DataTable.Of<(string Group, string Layer, string Name, Estimate? Importance)>(
            groups.Zip(means).SelectMany(group => group.First.Modules
                .Select((module, depth) => (group.First.Name, depth.ToString(CultureInfo.InvariantCulture), modules[module].Name, importance[module]))
                .Append((group.First.Name, "mean", "", group.Second))),
            (new Column("stream", "stream"), static row => row.Group),
            (new Column("depth", "layer"), static row => row.Layer),
            (new Column("name", "module"), static row => row.Name),
            (new Column("importance", "importance", Numbers.WithSign), static row => row.Importance?.Value),
            (new Column("lower", "from", Numbers.WithSign), static row => row.Importance?.Lower),
            (new Column("upper", "to", Numbers.WithSign), static row => row.Importance?.Upper),
            (new Column("p_value", "p", Numbers.PValue), static row => row.Importance?.PValue));
}
