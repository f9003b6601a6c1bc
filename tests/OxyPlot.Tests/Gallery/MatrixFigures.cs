using OxyPlot.Axes;
using OxyPlot.Series;
using static OxyPlot.Tests.Gallery.Parts;

namespace OxyPlot.Tests.Gallery;

/// <summary>Tables of numbers as colours.</summary>
internal static class MatrixFigures
{
    /// <summary>A pair of layers in each cell, from blue over white to red, without the diagonal.</summary>
    public static PlotModel Interactions()
    {
        var plot = Plot("Interactions", "Reward of skipping both beyond the sum of skipping each");
        var rows = Names(AxisPosition.Left, Layers(12));
        (rows.StartPosition, rows.EndPosition) = (1, 0);
        plot.Axes.Add(Names(AxisPosition.Bottom, Layers(12)));
        plot.Axes.Add(rows);
        var colors = Colors(-0.004, 0.004);
        colors.Title = "Difference in reward";
        colors.InvalidNumberColor = OxyColors.Transparent;
        colors.Palette = OxyPalette.Interpolate(
            31, OxyColor.FromRgb(0x21, 0x66, 0xAC), OxyColor.FromRgb(0xF7, 0xF7, 0xF7), OxyColor.FromRgb(0xB2, 0x18, 0x2B));
        plot.Axes.Add(colors);
        plot.Series.Add(Map(12, (i, j) => i == j ? double.NaN : 0.004 * Noise((i * 40) + j)));
        return plot;
    }

    /// <summary>A pair of runs in each cell, with the number, and long names on both sides.</summary>
    public static PlotModel Stability()
    {
        var plot = Plot("Agreement of plans", "Jaccard index of the skipped layers");
        string[] runs = ["vqa-das4 · seed 0", "vqa-das4 · seed 1", "vqa-das4 · seed 2", "vqa-das4 · seed 3", "random · seed 0"];
        plot.Axes.Add(Names(AxisPosition.Bottom, runs));
        plot.Axes.Add(Names(AxisPosition.Left, runs));
        var colors = Colors(0, 1);
        colors.Palette = OxyPalettes.Viridis(64);
        plot.Axes.Add(colors);
        var map = Map(5, (i, j) => i == j ? 1 : Math.Abs(Noise(i + (10 * j))));
        map.LabelFontSize = 0.3;
        plot.Series.Add(map);
        return plot;
    }

    private static LinearColorAxis Colors(double minimum, double maximum) => new()
    {
        Position = AxisPosition.Right,
        AxisDistance = 12,
        MajorTickSize = 16,
        Minimum = minimum,
        Maximum = maximum,
    };

    private static HeatMapSeries Map(int size, Func<int, int, double> valueOf)
    {
        var data = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                data[i, j] = valueOf(Math.Min(i, j), Math.Max(i, j));
            }
        }

        return new HeatMapSeries { Data = data, X1 = size - 1, Y1 = size - 1, RenderMethod = HeatMapRenderMethod.Rectangles };
    }
}
