using OxyPlot.Axes;
using OxyPlot.Series;

namespace OxyPlot.Tests.Drawing;

public sealed class LineTests
{
    private static readonly OxyColor _color = OxyColor.FromRgb(10, 20, 30);

    [Fact]
    public void Line_WithPointsThatAreNoNumbers_IsBrokenThere()
    {
        var path = Path([(0, 0), (1, 1), (2, double.NaN), (3, 3), (4, 4), (5, double.PositiveInfinity), (6, 6), (7, 7)]);
        Assert.Equal(3, path.Count(c => c == 'M'));
        Assert.Equal(3, path.Count(c => c == 'L'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Line_WithAPointAlone_HasADotThere(int points)
    {
        var path = Path([.. Enumerable.Range(0, points).Select(i => ((double)i, i == points - 1 ? 1 : double.NaN))]);
        Assert.EndsWith("h0", path);
    }

    [Fact]
    public void Line_OfManyPointsInOnePixel_IsThinnedButEndsAtItsLastPoint()
    {
        var line = Line([.. Enumerable.Range(0, 100_001).Select(i => (i / 100_000.0, 0.5))]);
        var path = Assert.Single(Picture.Of(Plot(line)).Lines(_color));
        Assert.InRange(path.Count(c => c == 'L'), 200, 400);
        var last = line.Transform(new DataPoint(1, 0.5));
        Assert.EndsWith($"L{Svg.SvgWriter.Number(last.X)} {Svg.SvgWriter.Number(last.Y)}", path);
    }

    [Theory]
    [InlineData(LineStyle.Solid, null)]
    [InlineData(LineStyle.Dash, "15 9")]
    [InlineData(LineStyle.Dot, "3 6")]
    public void Line_WithAStyle_IsDashed(LineStyle style, string? dashes)
    {
        var line = Line([(0, 0), (1, 1)]);
        (line.LineStyle, line.StrokeThickness) = (style, 3);
        var path = Picture.Of(Plot(line)).Elements("path").Single(path => (string?)path.Attribute("stroke") == "#0a141e");
        Assert.Equal(dashes, (string?)path.Attribute("stroke-dasharray"));
        Assert.Equal("3", path.Attribute("stroke-width")!.Value);
    }

    [Theory]
    [InlineData(LineStyle.None, 2)]
    [InlineData(LineStyle.Solid, 0)]
    public void Line_WithoutStyleOrThickness_IsNotWritten(LineStyle style, double thickness)
    {
        var line = Line([(0, 0), (1, 1)]);
        (line.LineStyle, line.StrokeThickness) = (style, thickness);
        Assert.Empty(Picture.Of(Plot(line)).Lines(_color));
    }

    [Fact]
    public void Lines_BeyondTheDefaultColors_TakeThemAgainDashed()
    {
        var plot = new PlotModel();
        for (var i = 0; i < 20; i++)
        {
            plot.Series.Add(new LineSeries());
        }

        Picture.Of(plot);
        var lines = plot.Series.Cast<LineSeries>().ToList();
        Assert.Equal(20, lines.Select(line => line.LinePen).Distinct().Count());
        Assert.Equal(plot.DefaultColors, lines.Take(plot.DefaultColors.Count).Select(line => line.ActualColor));
        Assert.All(lines.Take(plot.DefaultColors.Count), line => Assert.Equal(LineStyle.Solid, line.LinePen.Style));
    }

    [Theory]
    [InlineData(MarkerType.Circle, "circle", 1)]
    [InlineData(MarkerType.Square, "path", 4)]
    [InlineData(MarkerType.Diamond, "path", 4)]
    [InlineData(MarkerType.Triangle, "path", 3)]
    [InlineData(MarkerType.Cross, "path", 4)]
    [InlineData(MarkerType.Plus, "path", 4)]
    [InlineData(MarkerType.Star, "path", 8)]
    public void Markers_OfAnyType_AreShapesOfTheSeriesColor(MarkerType type, string element, int corners)
    {
        var line = Line([(0, 0), (1, 1), (2, double.NaN)]);
        (line.MarkerType, line.StrokeThickness) = (type, 0);
        var group = Picture.Of(Plot(line)).Elements("g").Last(group => group.Attribute("fill") is not null);
        Assert.Contains("#0a141e", new[] { (string?)group.Attribute("fill"), (string?)group.Attribute("stroke") });
        Assert.Equal([element, element], group.Elements().Select(shape => shape.Name.LocalName));
        Assert.All(group.Elements(), shape => Assert.Equal(corners, ((string?)shape.Attribute("d") ?? "M").Count(c => c is 'M' or 'L')));
    }

    [Fact]
    public void Band_BetweenTwoLines_IsBrokenWhereEitherIsNoNumber()
    {
        var band = new AreaSeries { Color = _color, StrokeThickness = 0 };
        band.Points.AddRange([new(0, 1), new(1, 1), new(2, double.NaN), new(3, 1), new(4, 1), new(5, 1), new(6, 1)]);
        band.Points2.AddRange([new(0, 0), new(1, 0), new(2, 0), new(3, 0), new(4, double.NaN), new(5, 0), new(6, 0)]);
        var areas = Areas(Plot(band));
        Assert.Equal([4, 4], areas.Select(area => area.Count(c => c is 'M' or 'L')));
    }

    [Fact]
    public void Band_WithoutASecondLine_ReachesToTheConstant()
    {
        var band = new AreaSeries { Color = _color, ConstantY2 = -3, MinimumSegmentLength = 0 };
        band.Points.AddRange([new(0, 1), new(1, 2)]);
        var plot = Plot(band);
        Assert.Contains($" {Svg.SvgWriter.Number(Bottom(plot))}Z", Assert.Single(Areas(plot)));

        static double Bottom(PlotModel plot)
        {
            Picture.Of(plot);
            return plot.DefaultYAxis!.Transform(-3);
        }
    }

    private static IReadOnlyList<string> Areas(PlotModel plot) =>
    [
        .. Picture.Of(plot).Elements("path")
            .Where(path => (string?)path.Attribute("fill-opacity") == "0.39")
            .Select(path => path.Attribute("d")!.Value),
    ];

    private static string Path(IReadOnlyList<(double X, double Y)> points) => Assert.Single(Picture.Of(Plot(Line(points))).Lines(_color));

    private static LineSeries Line(IReadOnlyList<(double X, double Y)> points)
    {
        var line = new LineSeries { Color = _color };
        line.Points.AddRange(points.Select(point => new DataPoint(point.X, point.Y)));
        return line;
    }

    private static PlotModel Plot(Series.Series series)
    {
        var plot = new PlotModel();
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, MinimumPadding = 0, MaximumPadding = 0 });
        plot.Series.Add(series);
        return plot;
    }
}
