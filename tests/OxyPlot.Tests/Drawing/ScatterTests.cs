using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace OxyPlot.Tests.Drawing;

public sealed class ScatterTests
{
    private static readonly OxyColor _red = OxyColors.Red;

    [Fact]
    public void Points_WithSizeAndValue_AreMarkedAccordingly()
    {
        var plot = new PlotModel();
        plot.Axes.Add(new LinearColorAxis { Palette = new OxyPalette(OxyColors.Black, OxyColors.Red), Minimum = 0, Maximum = 1 });
        var series = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerSize = 3, MarkerFill = OxyColors.Blue };
        series.Points.AddRange([new(0, 0), new(1, 1, 7), new(double.NaN, 1)]);
        series.Points.AddRange([new(2, 2, double.NaN, 0.1), new(3, 3, double.NaN, 0.9, "tag")]);
        plot.Series.Add(series);

        var discs = Picture.Of(plot).Elements("circle")
            .Select(disc => ((string?)disc.Parent!.Attribute("fill"), Picture.Number(disc, "r")));
        Assert.Equal([("#0000ff", 3), ("#0000ff", 7), ("#000000", 3), ("#ff0000", 3)], discs);
    }

    [Fact]
    public void Points_OutsideTheAxes_AreNotMarked()
    {
        var plot = new PlotModel();
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1 });
        var series = new ScatterSeries { MarkerType = MarkerType.Circle };
        series.Points.AddRange([new(0, 0), new(1, 1), new(1.1, 0), new(-0.1, 1)]);
        plot.Series.Add(series);
        Assert.Equal(2, Picture.Of(plot).Discs().Count);
    }

    [Fact]
    public void ErrorBars_OfALength_ReachHalfOfItToEachSide()
    {
        var plot = new PlotModel();
        var series = new ScatterErrorSeries { ErrorBarColor = _red, ErrorBarStopWidth = 5 };
        series.Points.AddRange([new(1, 10, double.NaN, 4), new(2, 10, 1, 0), new(3, 10, -1, double.NaN)]);
        plot.Series.Add(series);
        var picture = Picture.Of(plot);

        var bars = Assert.Single(picture.Lines(_red));
        Assert.Equal(6, bars.Count(c => c == 'M'));
        Assert.Contains(Segment(1, 8, 1, 12), bars);
        Assert.Contains(Segment(1.5, 10, 2.5, 10), bars);
        Assert.True(plot.DefaultYAxis!.ActualMinimum < 8 && plot.DefaultYAxis.ActualMaximum > 12);

        string Segment(double x0, double y0, double x1, double y1)
        {
            var (from, to) = (series.Transform(new DataPoint(x0, y0)), series.Transform(new DataPoint(x1, y1)));
            return $"M{Text(from)}L{Text(to)}";
        }

        static string Text(ScreenPoint point) => $"{Svg.SvgWriter.Number(point.X)} {Svg.SvgWriter.Number(point.Y)}";
    }

    [Fact]
    public void Texts_AtPointsCloseTogether_NeitherOverlapNorCoverMarkersNorAreCut()
    {
        var plot = new PlotModel();
        var series = new ScatterSeries { MarkerType = MarkerType.Circle };
        for (var i = 0; i < 9; i++)
        {
            var point = new DataPoint(i % 3 * 0.01, i / 3 * 0.01);
            series.Points.Add(new ScatterPoint(point.X, point.Y));
            plot.Annotations.Add(new TextAnnotation { Text = $"plan {i}", TextPosition = point, Offset = new ScreenVector(0, -7) });
        }

        series.Points.Add(new ScatterPoint(0.2, 0.2));
        plot.Series.Add(series);

        var picture = Picture.Of(plot);
        AxisLabelTests.AssertApart(picture);
        var texts = picture.Texts.Where(text => text.Text.StartsWith("plan", StringComparison.Ordinal)).ToList();
        Assert.Equal(9, texts.Count);
        Assert.All(texts, text => Assert.True(text.LiesIn(plot.PlotArea)));
        Assert.All(texts, text => Assert.DoesNotContain(
            picture.Discs(), disc => new OxyRect(text.Corners[0], text.Corners[2]).Contains(disc)));
    }

    [Fact]
    public void Text_WithNothingAround_IsWhereItWasPut()
    {
        var plot = new PlotModel();
        plot.Annotations.Add(new TextAnnotation { Text = "here", TextPosition = new DataPoint(50, 50), Offset = new ScreenVector(3, -20) });
        var text = Picture.Of(plot).Texts.Single(text => text.Text == "here");
        Assert.Equal(plot.DefaultXAxis!.Transform(50) + 3, (text.Corners[0].X + text.Corners[1].X) / 2, 0.1);
        Assert.Equal(plot.DefaultYAxis!.Transform(50) - 20, text.Corners[2].Y, 0.1);
    }
}
