using DasSearch.Core;
using DasSearch.Reporter.Importance;
using DasSearch.Reporter.Reports.Tables;
using OxyPlot;
using OxyPlot.Axes;

namespace DasSearch.Reporter.Reports.Figures;

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
        var cells = Style.EmptyCells(modules);
        foreach (var pair in known)
        {
            cells[pair.First, pair.Second] = cells[pair.Second, pair.First] = pair.Effect!.Value;
        }

        var most = known.Max(static pair => Math.Abs(pair.Effect!.Value));
        most = most > 0 ? most : 1;
        var plot = Style.Plot();
        plot.PlotAreaBorderThickness = new OxyThickness(0);
        foreach (var position in new[] { AxisPosition.Bottom, AxisPosition.Left })
        {
            plot.Axes.Add(Style.Layers(position, modules));
        }

        plot.Axes.Add(Style.Diverging("reward beyond the sum of both", most));
        plot.Series.Add(Style.Cells(cells));
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
