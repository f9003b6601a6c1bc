using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace OxyPlot.Tests.Drawing;

/// <summary>A plot with every kind of series and annotation, all of one row of numbers.</summary>
internal static class OddPlot
{
    /// <summary>Makes the plot.</summary>
    /// <param name="data">The numbers; each is joined with the next to a point.</param>
    /// <param name="settings">What axes and series are set to, as far as they go; NaN from there on.</param>
    public static PlotModel Of(double[] data, double[] settings)
    {
        var plot = new PlotModel { Title = "title" };
        AddAxes(plot, data, Setting);
        AddSeries(plot, data, Setting);
        foreach (var point in Points(data).Take(3))
        {
            AddAnnotations(plot, point);
        }

        plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside });
        return plot;

        double Setting(int index) => index < settings.Length ? settings[index] : double.NaN;
    }

    private static List<DataPoint> Points(double[] data) => [.. data.Zip(data.Skip(1), (x, y) => new DataPoint(x, y))];

    private static void AddAxes(PlotModel plot, double[] data, Func<int, double> setting)
    {
        var level = new LinearAxis { Position = AxisPosition.Bottom, Minimum = setting(0), Maximum = setting(1) };
        (level.MajorStep, level.MinorStep) = (setting(2), setting(3));
        plot.Axes.Add(level);
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, ExtraGridlines = data, StringFormat = "0.0" });
        plot.Axes.Add(new LinearColorAxis { Position = AxisPosition.Right, Minimum = setting(4), Palette = OxyPalettes.Viridis(8) });
        plot.Axes.Add(new CategoryAxis { Position = AxisPosition.Right, Key = "bars" });
    }

    private static void AddSeries(PlotModel plot, double[] data, Func<int, double> setting)
    {
        var points = Points(data);
        var line = new LineSeries { Title = "line", MarkerType = MarkerType.Diamond };
        (line.MinimumSegmentLength, line.StrokeThickness) = (setting(5), setting(6));
        line.Points.AddRange(points);
        var area = new AreaSeries { Title = "area", ConstantY2 = setting(7) };
        area.Points.AddRange(points);
        var band = new AreaSeries();
        band.Points.AddRange(points);
        band.Points2.AddRange(Enumerable.Reverse(points));
        var errors = new ScatterErrorSeries { Title = "errors", MarkerSize = setting(5), ErrorBarStopWidth = setting(6) };
        errors.Points.AddRange(points.Select(point => new ScatterErrorPoint(point.X, point.Y, point.Y, point.X, setting(7), point.X)));
        var bars = new BarSeries { YAxisKey = "bars", LabelFormatString = "{0:0}", BaseValue = setting(0), BarWidth = setting(1) };
        bars.Items.AddRange(data.Select(value => new BarItem(value)));
        var map = new HeatMapSeries { X1 = setting(0), Y1 = setting(1), LabelFontSize = setting(2), Data = new double[data.Length, 2] };
        for (var i = 0; i < data.Length; i++)
        {
            (map.Data[i, 0], map.Data[i, 1]) = (data[i], -data[i]);
        }

        foreach (var series in new Series.Series[] { line, area, band, errors, bars, map })
        {
            plot.Series.Add(series);
        }
    }

    private static void AddAnnotations(PlotModel plot, DataPoint point)
    {
        var text = new TextAnnotation { Text = "text", TextPosition = point };
        (text.Offset, text.StrokeThickness) = (new ScreenVector(point.X, point.Y), point.X);
        plot.Annotations.Add(text);
        var line = new LineAnnotation { Text = "line", Slope = point.X, Intercept = point.Y };
        (line.TextMargin, line.TextLinePosition) = (point.X, point.Y);
        plot.Annotations.Add(line);
        var rectangle = new RectangleAnnotation { Text = "rectangle", MinimumX = point.X, MaximumY = point.Y };
        rectangle.TextRotation = point.X;
        plot.Annotations.Add(rectangle);
    }
}
