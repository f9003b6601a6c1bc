using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using static OxyPlot.Tests.Gallery.Parts;

namespace OxyPlot.Tests.Gallery;

/// <summary>What plans are like beside each other.</summary>
internal static class PlanFigures
{
    /// <summary>A named point for each plan, some of them very close.</summary>
    public static PlotModel Accuracy()
    {
        var plot = Plot("Accuracy and cost of trained plans");
        var cost = new LinearAxis { Position = AxisPosition.Bottom, Title = "Multiply-accumulates", Unit = "G" };
        var accuracy = Values(AxisPosition.Left, "Test accuracy");
        accuracy.StringFormat = "0.0 %";
        foreach (var axis in new[] { cost, accuracy })
        {
            (axis.MinimumPadding, axis.MaximumPadding) = (0.08, 0.08);
            plot.Axes.Add(axis);
        }

        var das = new ScatterSeries { Title = "DAS", MarkerType = MarkerType.Circle };
        var others = new ScatterSeries { Title = "baselines", MarkerType = MarkerType.Square };
        Add(das, "das-4", 1.23, 0.6422);
        Add(das, "das-2", 1.47, 0.6512);
        Add(das, "das-6", 0.98, 0.6101);
        Add(others, "full", 1.72, 0.6610);
        Add(others, "linear", 1.70, 0.5633);
        Add(others, "random-4 seed 1", 1.23, 0.6250);
        Add(others, "random-4 seed 2", 1.235, 0.6244);
        Add(others, "random-4 seed 3", 1.228, 0.6259);
        plot.Series.Add(das);
        plot.Series.Add(others);
        plot.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Inside,
            LegendPosition = LegendPosition.LeftTop,
            LegendBorder = OxyColors.LightGray,
        });
        return plot;

        void Add(ScatterSeries series, string name, double x, double y)
        {
            series.Points.Add(new ScatterPoint(x, y));
            plot.Annotations.Add(new TextAnnotation
            {
                Text = name,
                TextPosition = new DataPoint(x, y),
                Offset = new ScreenVector(0, -7),
                StrokeThickness = 0,
            });
        }
    }

    /// <summary>Standing bars of two runs beside each other, above and below zero.</summary>
    public static PlotModel Shifts()
    {
        var plot = Plot("Gates at the end of two runs");
        var (layers, values) = (Names(AxisPosition.Bottom, Layers(12)), Values(AxisPosition.Left, "Gate"));
        (layers.Key, layers.GapWidth, values.Key) = ("layers", 0.5, "values");
        plot.Axes.Add(layers);
        plot.Axes.Add(values);
        for (var run = 1; run <= 2; run++)
        {
            var bars = new BarSeries { Title = $"run {run}", XAxisKey = "values", YAxisKey = "layers" };
            bars.Items.AddRange(Enumerable.Range(100 * run, 12).Select(seed => new BarItem(0.1 * Noise(seed))));
            plot.Series.Add(bars);
        }

        var zero = ZeroLine();
        zero.Layer = AnnotationLayer.AboveSeries;
        plot.Annotations.Add(zero);
        plot.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.BottomCenter,
            LegendOrientation = LegendOrientation.Horizontal,
            LegendPadding = 0,
        });
        return plot;
    }
}
