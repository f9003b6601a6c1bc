using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports;

/// <summary>Accuracy of trained plans against what they compute.</summary>
internal static class CostFigure
{
    private const string Metric = "test.accuracy";
    private const double Padding = 0.15;

    /// <summary>Of all plans of some runs; the same plan of two runs is one point each.</summary>
    internal static Figure Draw(IReadOnlyList<TrainedRun> runs)
    {
        var measured = runs
            .SelectMany(static run => run.Trained.Select(plan => (run.Run, Plan: plan)))
            .Where(static entry => entry.Plan.Metrics.ContainsKey(Metric))
            .OrderBy(static entry => entry.Plan.Cost.PlanMultiplyAccumulates)
            .ThenBy(static entry => entry.Plan.Metrics[Metric].Mean)
            .ToList();
        var table = Table(measured);
        return new Figure(
            "cost",
            "Accuracy against multiply-accumulates",
            measured.Count == 0
                ? "No plan was trained and tested yet: das train PLAN does."
                : "Test accuracy of each plan that was trained, against what it computes for one sample"
                    + (measured.Exists(static entry => entry.Plan.Seeds.Count > 1) ? "; bars are standard deviations over the seeds of a plan that was trained with several" : "")
                    + ". Up and to the left is better.",
            measured.Count == 0 ? null : Plot(measured),
            table)
        {
            Shown = table.Without("epochs"),
        };
    }

    private static PlotModel Plot(List<(long Run, TrainedPlan Plan)> measured)
    {
        var plot = FigureStyle.Plot();
        var cost = FigureStyle.Axis(AxisPosition.Bottom, "multiply-accumulates, millions");
        var ends = measured.SelectMany(static entry => new[] { 100 * Bottom(entry.Plan), 100 * Top(entry.Plan) });
        var accuracy = FigureStyle.Axis(AxisPosition.Left, "test accuracy, %", ends, Padding);
        (cost.MinimumPadding, cost.MaximumPadding) = (Padding, Padding);
        plot.Axes.Add(cost);
        plot.Axes.Add(accuracy);
        plot.Legends.Add(FigureStyle.Legend());
        foreach (var (method, i) in measured.GroupBy(static entry => entry.Plan.Method).Select(static (group, i) => (group, i)))
        {
            var color = FigureStyle.Distinct[i % FigureStyle.Distinct.Count];
            var points = new ScatterErrorSeries
            {
                Title = method.Key,
                MarkerType = MarkerType.Circle,
                MarkerSize = 5,
                MarkerFill = color,
                ErrorBarColor = color,
                ErrorBarStrokeThickness = 1.2,
                ErrorBarStopWidth = 5,
            };
            points.Points.AddRange(method.Select(static entry => Point(entry.Plan)));
            plot.Series.Add(points);
        }

        // Plans that skip as many of equal modules stand in one column: one label for the best of them.
        foreach (var column in measured.GroupBy(static entry => entry.Plan.Cost.PlanMultiplyAccumulates))
        {
            var best = column.MaxBy(static entry => entry.Plan.Metrics[Metric].Mean).Plan;
            plot.Annotations.Add(new TextAnnotation
            {
                Text = best.Subnetwork.Count == 0 ? "nothing skipped" : $"without {best.Subnetwork}",
                TextPosition = new DataPoint(Millions(best), 100 * Top(best)),
                TextHorizontalAlignment = HorizontalAlignment.Center,
                TextVerticalAlignment = VerticalAlignment.Bottom,
                Offset = new ScreenVector(0, -7),
                StrokeThickness = 0,
                FontSize = 11,
            });
        }

        return plot;
    }

    private static ScatterErrorPoint Point(TrainedPlan plan) =>
        new(Millions(plan), 100 * plan.Metrics[Metric].Mean, 0, 200 * (plan.Metrics[Metric].StandardDeviation ?? 0));

    private static double Top(TrainedPlan plan) => plan.Metrics[Metric].Mean + (plan.Metrics[Metric].StandardDeviation ?? 0);

    private static double Bottom(TrainedPlan plan) => plan.Metrics[Metric].Mean - (plan.Metrics[Metric].StandardDeviation ?? 0);

    private static double Millions(TrainedPlan plan) => plan.Cost.PlanMultiplyAccumulates / 1e6;

    private static DataTable Table(IReadOnlyList<(long Run, TrainedPlan Plan)> measured) => DataTable.Of(
        measured,
        (new Column("run", "run", Numbers.Whole), static entry => entry.Run),
        (new Column("skip", "skipped"), static entry => entry.Plan.Subnetwork.Count == 0 ? "none" : entry.Plan.Subnetwork.ToString()),
        (new Column("method", "method"), static entry => entry.Plan.Method),
        (new Column("epochs", "epochs", Numbers.Whole), static entry => entry.Plan.Epochs),
        (new Column("seeds", "seeds", Numbers.Whole), static entry => entry.Plan.Seeds.Count),
        (new Column("test_accuracy", "test accuracy", Numbers.Value), static entry => entry.Plan.Metrics[Metric].Mean),
        (new Column("standard_deviation", "± deviation", Numbers.Value), static entry => entry.Plan.Metrics[Metric].StandardDeviation),
        (new Column("multiply_accumulates", "multiply-accumulates", Numbers.Count), static entry => entry.Plan.Cost.PlanMultiplyAccumulates),
        (new Column("change_percent", "change", Numbers.Change), static entry => entry.Plan.Cost.ChangePercent),
        (new Column("trainable_parameters", "trained parameters", Numbers.Count), static entry => entry.Plan.Cost.TrainableParameters),
        (new Column("latency_change_percent", "latency", Numbers.Change), static entry => entry.Plan.LatencyChangePercent),
        (new Column("latency_lower_percent", "from", Numbers.Change), static entry => entry.Plan.Latency?.LowerPercent),
        (new Column("latency_upper_percent", "to", Numbers.Change), static entry => entry.Plan.Latency?.UpperPercent));
}
