using DasSearch.Core;
using DasSearch.Reporter.Reports.Series;
using DasSearch.Reporter.Reports.Tables;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports.Figures;

/// <summary>How likely each module is skipped, round by round.</summary>
internal static class GateFigure
{
    internal static Figure Draw(GateCurve curve, int rounds, IReadOnlyList<ModuleInfo> modules, Subnetwork? chosen)
    {
        var plot = curve.Rounds.Count < 2 || chosen is null ? null : Plot(curve, modules, chosen);
        var table = Table(curve, modules);
        return new Figure(
            "gates",
            "Gate probabilities over rounds",
            plot is null
                ? "There are not enough rounds yet to draw a curve."
                : "The probability σ(gate) with which a module enters the next draw, after every round; all begin at 0.5. Modules that the plan "
                    + "skips are coloured. Curves that still cross at the end tell that the search has not settled."
                    + (curve.Rounds.Count < rounds ? $" {curve.Rounds.Count} of {rounds:N0} rounds are shown; the database has all of them." : ""),
            plot,
            table)
        {
            Shown = table.Thinned(Figure.MostRows),
        };
    }

    private static PlotModel Plot(GateCurve curve, IReadOnlyList<ModuleInfo> modules, Subnetwork chosen)
    {
        var plot = Style.Plot();
        plot.Axes.Add(Style.Rounds(curve.Rounds[^1]));
        plot.Axes.Add(Style.Axis(AxisPosition.Left, "probability"));
        plot.Legends.Add(Style.Legend());
        var coloured = 0;

        // Those that are skipped are drawn last, on top of the others.
        foreach (var module in modules.OrderBy(module => chosen.Contains(module.Index)).ThenBy(static module => module.Index))
        {
            var isSkipped = chosen.Contains(module.Index);
            var line = new LineSeries
            {
                Title = isSkipped ? $"layer {module.Index}" : null,
                Color = isSkipped ? Style.Distinct[coloured++ % Style.Distinct.Count] : Style.Faint,
                StrokeThickness = isSkipped ? 2.2 : 1.1,
            };
            line.Points.AddRange(curve.Rounds.Select((round, i) => new DataPoint(round, curve.Probabilities[i][module.Index])));
            plot.Series.Add(line);
        }

        return plot;
    }

    private static DataTable Table(GateCurve curve, IReadOnlyList<ModuleInfo> modules) => new(
        [new Column("round", "round", "0"), .. modules.Select(module => new Column($"probability_{module.Index}", $"{module.Index}", "F3"))],
        [.. curve.Rounds.Select((round, i) => (IReadOnlyList<object?>)[round, .. curve.Probabilities[i].Cast<object?>()])]);
}
