using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using static OxyPlot.Tests.Gallery.Parts;

namespace OxyPlot.Tests.Gallery;

/// <summary>What each layer is like.</summary>
internal static class LayerFigures
{
    /// <summary>A mark with an interval for each layer, those of the plan apart from the others.</summary>
    public static PlotModel Importance()
    {
        var plot = Plot("Importance of each layer", "Mean reward when kept less when skipped, 95 % interval");
        var layers = Names(AxisPosition.Bottom, Layers(12));
        layers.Title = "Layer";
        plot.Axes.Add(layers);
        var values = Values(AxisPosition.Left, "Difference in reward");
        (values.MinimumPadding, values.MaximumPadding) = (0.05, 0.05);
        plot.Axes.Add(values);
        plot.Annotations.Add(ZeroLine());

        var kept = Marks("kept", MarkerType.Circle, Blue);
        var skipped = Marks("skipped by the plan", MarkerType.Diamond, Orange);
        for (var layer = 0; layer < 12; layer++)
        {
            var value = (0.0045 * Noise(layer)) - 0.001;
            var width = 0.003 + (0.002 * Math.Abs(Noise(layer + 50)));
            var (series, center) = IsPlanned(layer) ? (skipped, -Math.Abs(value)) : (kept, value);
            series.Points.Add(new ScatterErrorPoint(layer, center, double.NaN, width));
        }

        plot.Series.Add(kept);
        plot.Series.Add(skipped);
        plot.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.TopRight,
            LegendOrientation = LegendOrientation.Horizontal,
            LegendPadding = 0,
        });
        return plot;
    }

    /// <summary>Many modules with long names, and values that need a power of ten.</summary>
    public static PlotModel ImportanceOfMany()
    {
        var plot = Plot("Importance of each module of a METER");
        var names = new[] { "text", "image" }.SelectMany(tower => Layers(16).Select(layer => $"cross_modal_{tower}_layers.{layer}"));
        plot.Axes.Add(Names(AxisPosition.Bottom, names));
        plot.Axes.Add(Values(AxisPosition.Left, "Difference in reward"));
        var marks = new ScatterErrorSeries { MarkerType = MarkerType.Circle, MarkerSize = 3.5 };
        marks.Points.AddRange(Enumerable.Range(0, 32).Select(i => new ScatterErrorPoint(i, Noise(i) * 3e-4, double.NaN, 4e-4)));
        plot.Series.Add(marks);
        return plot;
    }

    /// <summary>A lying bar for each layer, the first on top, with its number.</summary>
    public static PlotModel Skips()
    {
        var plot = Plot("How often each layer was skipped");
        var layers = Names(AxisPosition.Left, Layers(12));
        (layers.StartPosition, layers.EndPosition, layers.GapWidth, layers.Title) = (1, 0, 0.3, "Layer");
        plot.Axes.Add(layers);
        var values = Values(AxisPosition.Bottom, "Evaluations");
        (values.Minimum, values.MaximumPadding) = (0, 0.08);
        plot.Axes.Add(values);

        var bars = new BarSeries { LabelFormatString = "{0:0}", FillColor = Blue };
        bars.Items.AddRange(from layer in Enumerable.Range(0, 12)
                            let color = IsPlanned(layer) ? Orange : OxyColors.Automatic
                            select new BarItem(Math.Round(150 + (140 * Noise(layer + 3)))) { Color = color });
        plot.Series.Add(bars);
        return plot;
    }

    private static ScatterErrorSeries Marks(string title, MarkerType type, OxyColor color) => new()
    {
        Title = title,
        MarkerType = type,
        MarkerSize = 4.5,
        MarkerFill = color,
        ErrorBarColor = color,
        ErrorBarStrokeThickness = 1.5,
    };
}
