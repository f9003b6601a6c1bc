using DasSearch.Core;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports;

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
                : "The probability, such as σ(gate), with which a module enters the next draw, after every round; all begin alike. Modules that the plan "
                    + "skips are coloured. Curves that still cross at the end tell that the search has not settled."
                    + (curve.Rounds.Count < rounds ? $" {curve.Rounds.Count} of {Numbers.Count(rounds)} rounds are shown; the database has all of them." : ""),
            plot,
            table)
        {
            Shown = table.Thinned(Figure.MostRows),
        };
    }

    private static PlotModel Plot(GateCurve curve, IReadOnlyList<ModuleInfo> modules, Subnetwork chosen)
    {
        var plot = FigureStyle.Plot();
        plot.Axes.Add(FigureStyle.Rounds(curve.Rounds[^1]));
        plot.Axes.Add(FigureStyle.Axis(AxisPosition.Left, "probability"));
        plot.Legends.Add(FigureStyle.Legend());
        var coloured = 0;

        // Those that are skipped are drawn last, on top of the others.
        foreach (var module in modules.OrderBy(module => chosen.Contains(module.Index)).ThenBy(static module => module.Index))
        {
            var isSkipped = chosen.Contains(module.Index);
            var line = new LineSeries
            {
                Title = isSkipped ? $"layer {module.Index}" : null,
                Color = isSkipped ? FigureStyle.Distinct[coloured++ % FigureStyle.Distinct.Count] : FigureStyle.Faint,
                StrokeThickness = isSkipped ? 2.2 : 1.1,
            };
            line.Points.AddRange(curve.Rounds.Select((round, i) => new DataPoint(round, curve.Probabilities[i][module.Index])));
            plot.Series.Add(line);
        }

        return plot;
    }

    private static DataTable Table(GateCurve curve, IReadOnlyList<ModuleInfo> modules) => new(
        [new Column("round", "round", Numbers.Whole), .. modules.Select(module => new Column($"probability_{module.Index}", $"{module.Index}", static number => Numbers.Probability(number, 3)))],
        [.. curve.Rounds.Select((round, i) => (IReadOnlyList<object?>)[round, .. curve.Probabilities[i].Cast<object?>()])]);
}

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
        var plot = FigureStyle.Plot();
        plot.Axes.Add(FigureStyle.Rounds(curve.Blocks[^1].Last));
        plot.Axes.Add(FigureStyle.Axis(AxisPosition.Left, "reward"));
        plot.Legends.Add(FigureStyle.Legend());
        var span = FigureStyle.Band("worst to best", FigureStyle.Kept, opacity: 70);
        span.Points.AddRange(curve.Blocks.Select(static block => new DataPoint(block.Middle, block.Highest)));
        span.Points2.AddRange(curve.Blocks.Select(static block => new DataPoint(block.Middle, block.Lowest)));
        var mean = new LineSeries { Title = "baseline", Color = FigureStyle.Kept, StrokeThickness = 1.8 };
        mean.Points.AddRange(curve.Blocks.Select(static block => new DataPoint(block.Middle, block.Mean)));
        plot.Series.Add(span);
        plot.Series.Add(mean);
        return plot;
    }

    private static DataTable Table(RewardCurve curve) => DataTable.Of(
        curve.Blocks,
        (new Column("first_round", "from round", Numbers.Whole), static block => block.First),
        (new Column("last_round", "to round", Numbers.Whole), static block => block.Last),
        (new Column("evaluations", "evaluations", Numbers.Whole), static block => block.Evaluations),
        (new Column("mean_reward", "mean reward", Numbers.Value), static block => block.Mean),
        (new Column("lowest_reward", "lowest", Numbers.Value), static block => block.Lowest),
        (new Column("highest_reward", "highest", Numbers.Value), static block => block.Highest));
}
