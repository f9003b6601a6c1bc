using DasSearch.Reporter.Reports.Series;
using DasSearch.Reporter.Reports.Tables;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports.Figures;

/// <summary>Rewards round by round, with their mean, which is the controller's baseline.</summary>
internal static class RewardFigure
{
    internal static Figure Draw(RewardCurve curve)
    {
        var plot = curve.Blocks.Count < 2 ? null : Plot(curve);
        var size = curve.Blocks.Count == 0 ? 1 : curve.Blocks[0].Last - curve.Blocks[0].First + 1;
        var table = Table(curve);
        return new Figure(
            "rewards",
            "Reward over rounds",
            plot is null
                ? "There are not enough rounds yet to draw a curve."
                : "The mean reward exp(−loss) of a round's candidates, which is the baseline that each of them is compared with, and the span from the "
                    + "worst to the best of them" + (size == 1 ? "." : $"; {size} rounds a point.")
                    + " It rises as the adapters learn: rewards of different rounds are not compared.",
            plot,
            table)
        {
            Shown = table.Thinned(Figure.MostRows),
        };
    }

    private static PlotModel Plot(RewardCurve curve)
    {
        var plot = Style.Plot();
        plot.Axes.Add(Style.Rounds(curve.Blocks[^1].Last));
        plot.Axes.Add(Style.Axis(AxisPosition.Left, "reward"));
        plot.Legends.Add(Style.Legend());
        var span = new AreaSeries { Title = "worst to best", Color = OxyColors.Transparent, Color2 = OxyColors.Transparent, Fill = OxyColor.FromAColor(70, Style.Kept) };
        span.Points.AddRange(curve.Blocks.Select(static block => new DataPoint(block.Middle, block.Highest)));
        span.Points2.AddRange(curve.Blocks.Select(static block => new DataPoint(block.Middle, block.Lowest)));
        var mean = new LineSeries { Title = "baseline", Color = Style.Kept, StrokeThickness = 1.8 };
        mean.Points.AddRange(curve.Blocks.Select(static block => new DataPoint(block.Middle, block.Mean)));
        plot.Series.Add(span);
        plot.Series.Add(mean);
        return plot;
    }

    private static DataTable Table(RewardCurve curve) => new(
        [
            new Column("first_round", "from round", "0"),
            new Column("last_round", "to round", "0"),
            new Column("evaluations", "evaluations", "0"),
            new Column("mean_reward", "mean reward", "F4"),
            new Column("lowest_reward", "lowest", "F4"),
            new Column("highest_reward", "highest", "F4"),
        ],
        [.. curve.Blocks.Select(static block =>
            (IReadOnlyList<object?>)[block.First, block.Last, block.Evaluations, block.Mean, block.Lowest, block.Highest])]);
}
