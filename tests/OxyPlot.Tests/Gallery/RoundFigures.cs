using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using static OxyPlot.Tests.Gallery.Parts;

namespace OxyPlot.Tests.Gallery;

/// <summary>What happened over the rounds of a search.</summary>
internal static class RoundFigures
{
    /// <summary>A line for each layer, named beside the plot.</summary>
    public static PlotModel Gates(int layers)
    {
        var plot = Plot("Probability of being skipped", $"{layers} layers, 400 rounds");
        plot.Axes.Add(Rounds());
        plot.Axes.Add(Values(AxisPosition.Left, "Probability"));
        for (var layer = 0; layer < layers; layer++)
        {
            var line = new LineSeries { Title = $"layer {layer}", StrokeThickness = 1.5 };
            var level = 0.0;
            for (var round = 0; round <= 400; round += 4)
            {
                level += (0.01 * Noise(layer * 31)) + (0.05 * Noise((layer * 1000) + round));
                line.Points.Add(new DataPoint(round, 1 / (1 + Math.Exp(-level))));
            }

            plot.Series.Add(line);
        }

        plot.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.RightTop,
            LegendFontSize = 11,
            LegendPadding = 0,
        });
        return plot;
    }

    /// <summary>A line in a band, both broken where rounds are missing, with a baseline and a part of the rounds shaded.</summary>
    public static PlotModel Reward()
    {
        var plot = Plot("Reward over rounds");
        plot.Axes.Add(Rounds());
        plot.Axes.Add(Values(AxisPosition.Left, "Reward"));
        var band = new AreaSeries { Title = "within one standard deviation", Fill = OxyColor.FromAColor(60, Blue), StrokeThickness = 0 };
        var mean = new LineSeries { Title = "mean of the round", Color = Blue };
        for (var round = 0; round < 209; round++)
        {
            var value = round is > 80 and < 90 ? double.NaN : 0.16 - (0.08 * Math.Exp(-round / 60.0)) + (0.004 * Noise(round));
            band.Points.Add(new DataPoint(round, value + 0.01 + (0.002 * Noise(round + 9))));
            band.Points2.Add(new DataPoint(round, value - 0.01));
            mean.Points.Add(new DataPoint(round, value));
        }

        plot.Series.Add(band);
        plot.Series.Add(mean);
        plot.Annotations.Add(new LineAnnotation
        {
            Type = LineAnnotationType.Horizontal,
            Y = 0.1,
            Text = "nothing skipped",
            Color = OxyColors.DimGray,
            TextVerticalAlignment = VerticalAlignment.Bottom,
        });
        plot.Annotations.Add(new RectangleAnnotation
        {
            MaximumX = 20,
            Text = "warm-up",
            TextRotation = -90,
            Fill = OxyColor.FromAColor(24, OxyColors.Black),
            Layer = AnnotationLayer.BelowSeries,
        });
        plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Inside, LegendPosition = LegendPosition.BottomRight });
        return plot;
    }

    private static LinearAxis Rounds() => new()
    {
        Position = AxisPosition.Bottom,
        Title = "Round",
        MinimumPadding = 0,
        MaximumPadding = 0,
        MinimumMajorStep = 1,
        MinorTickSize = 0,
    };
}
