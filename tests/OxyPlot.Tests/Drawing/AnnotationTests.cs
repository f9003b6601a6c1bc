using OxyPlot.Annotations;

namespace OxyPlot.Tests.Drawing;

public sealed class AnnotationTests
{
    private static readonly OxyColor _color = OxyColor.FromRgb(10, 20, 30);

    [Theory]
    [InlineData(LineAnnotationType.Horizontal, 0, 25, 100, 25)]
    [InlineData(LineAnnotationType.Vertical, 75, 0, 75, 100)]
    [InlineData(LineAnnotationType.LinearEquation, 0, 10, 45, 100)]
    public void Line_OfAType_CrossesThePlotArea(LineAnnotationType type, double x0, double y0, double x1, double y1)
    {
        var line = new LineAnnotation { Type = type, X = 75, Y = 25, Slope = 2, Intercept = 10, Color = _color };
        var path = Assert.Single(Drawn(line).Lines(_color));
        Assert.Equal(Path(line.Transform(new DataPoint(x0, y0)), line.Transform(new DataPoint(x1, y1))), path);
    }

    [Theory]
    [InlineData(LineAnnotationType.Horizontal, 0)]
    [InlineData(LineAnnotationType.Vertical, 0)]
    [InlineData(LineAnnotationType.LinearEquation, 0)]
    [InlineData(LineAnnotationType.LinearEquation, 1)]
    public void Line_OutsideTheAxes_IsNotDrawn(LineAnnotationType type, double slope)
    {
        var line = new LineAnnotation { Type = type, X = 101, Y = -1, Intercept = 101, Slope = slope, Color = _color };
        Assert.Empty(Drawn(line).Lines(_color));
    }

    [Fact]
    public void TextOfALine_IsAboveItsEnd()
    {
        var line = new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = 50, Text = "baseline" };
        line.TextVerticalAlignment = VerticalAlignment.Bottom;
        var picture = Drawn(line);
        var text = picture.Texts.Single(text => text.Text == "baseline");
        Assert.Equal(picture.Model.PlotArea.Right - 12, text.Corners[1].X, 0.1);
        Assert.Equal(line.Transform(new DataPoint(0, 50)).Y, text.Corners[2].Y, 0.1);
    }

    [Fact]
    public void TextOfAnUprightLine_RunsUpwards()
    {
        var line = new LineAnnotation { Type = LineAnnotationType.Vertical, X = 50, Text = "here" };
        Assert.StartsWith("rotate(-90 ", Drawn(line).Elements("text").Single(text => text.Value == "here").Attribute("transform")!.Value);
        line.TextOrientation = AnnotationTextOrientation.Horizontal;
        Assert.Null(Picture.Of(line.PlotModel!).Elements("text").Single(text => text.Value == "here").Attribute("transform"));
    }

    [Fact]
    public void Rectangle_WithOpenSides_ReachesToTheAxes()
    {
        var picture = Drawn(new RectangleAnnotation { MinimumX = 20, MaximumX = 40, Fill = _color, Text = "warm-up" });
        var (rectangle, area) = (Assert.Single(picture.Rectangles(_color)), picture.Model.PlotArea);
        Assert.Equal((area.Top, area.Bottom), (rectangle.Top, rectangle.Bottom), new Near());
        Assert.Equal(area.Width / 5, rectangle.Width, 0.02);
        var text = picture.Texts.Single(text => text.Text == "warm-up");
        Assert.Equal(rectangle.Center.X, (text.Corners[0].X + text.Corners[1].X) / 2, 0.1);
    }

    [Fact]
    public void Layers_AreDrawnFromBelowTheGridToAboveTheSeries()
    {
        var plot = new PlotModel();
        foreach (var layer in new[] { AnnotationLayer.AboveSeries, AnnotationLayer.BelowAxes, AnnotationLayer.BelowSeries })
        {
            plot.Annotations.Add(new RectangleAnnotation { Layer = layer, Fill = OxyColor.FromRgb((byte)(100 + (int)layer), 0, 0) });
        }

        var fills = Picture.Of(plot).Elements("rect").Select(rectangle => (string?)rectangle.Attribute("fill"));
        Assert.Equal(["#640000", "#650000", "#660000"], fills.Where(fill => fill is not null and not "none"));
    }

    [Fact]
    public void Text_OutsideTheAxesOrNowhere_IsNotWritten()
    {
        var outside = new TextAnnotation { Text = "here", TextPosition = new DataPoint(50, 101) };
        Assert.DoesNotContain(Drawn(outside).Texts, text => text.Text == "here");
        Assert.DoesNotContain(Drawn(new TextAnnotation { Text = "here" }).Texts, text => text.Text == "here");
    }

    [Fact]
    public void Text_WithAFrame_LiesInIt()
    {
        var annotation = new TextAnnotation { Text = "here", TextPosition = new DataPoint(50, 50) };
        (annotation.Background, annotation.Padding) = (_color, new OxyThickness(3));
        var picture = Drawn(annotation);
        var text = picture.Texts.Single(text => text.Text == "here");
        Assert.True(text.LiesIn(Assert.Single(picture.Rectangles(_color)).Inflate(-2.9, -2.9)));
    }

    private static Picture Drawn(Annotation annotation)
    {
        var plot = new PlotModel();
        plot.Annotations.Add(annotation);
        return Picture.Of(plot);
    }

    private static string Path(ScreenPoint from, ScreenPoint to) =>
        $"M{Svg.SvgWriter.Number(from.X)} {Svg.SvgWriter.Number(from.Y)}L{Svg.SvgWriter.Number(to.X)} {Svg.SvgWriter.Number(to.Y)}";
}
