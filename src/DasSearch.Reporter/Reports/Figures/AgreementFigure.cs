using System.Globalization;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Reports.Tables;
using OxyPlot;
using OxyPlot.Axes;

namespace DasSearch.Reporter.Reports.Figures;

/// <summary>How far each two runs agree: the stability of plans and of rankings.</summary>
internal static class AgreementFigure
{
    // A square of fewer says no more than its table.
    private const int FewestDrawn = 3;

    private const double LabelShare = 0.16; // of a cell's height

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
        var cells = Style.EmptyCells(numbers.Count);
        foreach (var pair in comparison.Agreements)
        {
            var (first, second) = (numbers.IndexOf(pair.First), numbers.IndexOf(pair.Second));
            cells[second, first] = pair.KendallTau ?? double.NaN;
            cells[first, second] = pair.Jaccard ?? double.NaN;
        }

        var plot = Style.Plot();
        plot.PlotAreaBorderThickness = new OxyThickness(0);
        foreach (var position in new[] { AxisPosition.Bottom, AxisPosition.Left })
        {
            plot.Axes.Add(Style.Modules(position, numbers.Select(static number => number.ToString(CultureInfo.InvariantCulture)), "run"));
        }

        plot.Axes.Add(Style.Diverging("Jaccard, Kendall's τ", 1));
        var series = Style.Cells(cells);
        series.LabelFontSize = LabelShare;
        plot.Series.Add(series);
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
