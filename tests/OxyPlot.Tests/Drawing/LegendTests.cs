using OxyPlot.Legends;
using OxyPlot.Series;

namespace OxyPlot.Tests.Drawing;

public sealed class LegendTests
{
    [Fact]
    public void Legend_OfSeries_NamesThoseThatAreShown()
    {
        var plot = Plot(new Legend { LegendTitle = "layers" }, "one", "two", "three", "four", null);
        plot.Series[1].IsVisible = false;
        plot.Series[2].RenderInLegend = false;
        Assert.Equal(["layers", "one", "four"], Names(plot));
    }

    [Fact]
    public void Legend_InReverse_NamesTheLastFirst() =>
        Assert.Equal(["two", "one"], Names(Plot(new Legend { LegendItemOrder = LegendItemOrder.Reverse }, "one", "two")));

    [Fact]
    public void Legend_ThatIsHiddenOrMissing_NamesNothing()
    {
        var hidden = Plot(new Legend(), "one");
        hidden.IsLegendVisible = false;
        Assert.Empty(Names(hidden));
        Assert.Empty(Names(Plot(new Legend { IsLegendVisible = false }, "one")));
        hidden.Legends.Clear();
        Assert.Empty(Names(hidden));
    }

    public static TheoryData<LegendPosition, LegendOrientation> Places()
    {
        var places = new TheoryData<LegendPosition, LegendOrientation>();
        foreach (var position in Enum.GetValues<LegendPosition>())
        {
            places.Add(position, LegendOrientation.Vertical);
            places.Add(position, LegendOrientation.Horizontal);
        }

        return places;
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Legend_Outside_CoversNeitherDataNorLabelsAndIsNotCut(LegendPosition position, LegendOrientation orientation)
    {
        var legend = new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = position,
            LegendOrientation = orientation,
            LegendTitle = "layers",
        };
        var plot = Plot(legend, [.. Enumerable.Range(0, 12).Select(i => i % 3 == 0 ? $"the long name of layer {i}" : $"layer {i}")]);
        (plot.Title, plot.Subtitle) = ("title", "subtitle");
        plot.Axes.Add(new Axes.LinearAxis { Position = Axes.AxisPosition.Bottom, Title = "below" });

        var picture = Picture.Of(plot);
        var names = picture.Texts.Where(text => text.Text.Contains("layer", StringComparison.Ordinal)).ToList();
        Assert.Equal(13, names.Count);
        Assert.All(names, name => Assert.True(name.LiesIn(new OxyRect(0, 0, 700, 420))));
        Assert.All(names, name => Assert.Equal(0, new OxyRect(name.Corners[0], name.Corners[2]).Overlap(plot.PlotArea)));
        Assert.True(plot.PlotArea is { Width: > 200, Height: > 100 });
        AxisLabelTests.AssertApart(picture);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Legend_Inside_LiesInThePlotArea(LegendPosition position, LegendOrientation orientation)
    {
        var legend = new Legend { LegendPosition = position, LegendOrientation = orientation, LegendBackground = OxyColors.Red };
        var plot = Plot(legend, "one", "two");
        var frame = Assert.Single(Picture.Of(plot).Rectangles(OxyColors.Red));
        Assert.Equal(frame.Width * frame.Height, frame.Overlap(plot.PlotArea), 1);
    }

    [Fact]
    public void Legend_WithMoreNamesThanItsHeightHolds_HasColumns()
    {
        var legend = new Legend { LegendPlacement = LegendPlacement.Outside };
        var plot = Plot(legend, [.. Enumerable.Range(0, 32).Select(i => $"layer {i}")]);
        var picture = Picture.Of(plot, 700, 300);
        var names = picture.Texts.Where(text => text.Text.StartsWith("layer", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, names.Select(name => Math.Round(name.Corners[0].X)).Distinct().Count());
        Assert.True(plot.PlotArea.Width > 400);
    }

    [Fact]
    public void Legend_WithMoreNamesThanItsWidthHolds_HasRows()
    {
        var legend = new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.BottomCenter };
        legend.LegendOrientation = LegendOrientation.Horizontal;
        var plot = Plot(legend, [.. Enumerable.Range(0, 20).Select(i => $"layer {i}")]);
        var names = Picture.Of(plot).Texts.Where(text => text.Text.StartsWith("layer", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, names.Select(name => Math.Round(name.Corners[0].Y)).Distinct().Count());
        Assert.True(names[0].Corners[0].X < names[1].Corners[0].X);
    }

    [Fact]
    public void Symbols_OfEverySeries_AreDrawnBesideTheirNames()
    {
        var plot = new PlotModel();
        plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside });
        Series.Series[] series =
        [
            new LineSeries { Color = OxyColors.Red, MarkerType = MarkerType.Circle },
            new AreaSeries { Color = OxyColors.Blue },
            new ScatterSeries { MarkerType = MarkerType.Circle, MarkerFill = OxyColors.Gray },
            new ScatterErrorSeries { MarkerType = MarkerType.Circle, MarkerFill = OxyColors.DarkGray, ErrorBarColor = OxyColors.DimGray },
        ];
        foreach (var one in series)
        {
            one.Title = one.GetType().Name;
            plot.Series.Add(one);
        }

        var picture = Picture.Of(plot);
        Assert.Equal(3, picture.Discs().Count);
        Assert.All(picture.Discs(), disc => Assert.True(disc.X > plot.PlotArea.Right));
        Assert.Single(picture.Lines(OxyColors.Red));
        Assert.Single(picture.Rectangles(OxyColors.Blue));
        Assert.Single(picture.Lines(OxyColors.DimGray));
    }

    private static PlotModel Plot(Legend legend, params string?[] titles)
    {
        var plot = new PlotModel();
        foreach (var title in titles)
        {
            plot.Series.Add(new LineSeries { Title = title });
        }

        plot.Legends.Add(legend);
        return plot;
    }

    /// <summary>What is written within the plot area, where the legend lies unless it is told otherwise.</summary>
    private static IEnumerable<string> Names(PlotModel plot) =>
        Picture.Of(plot).Texts.Where(text => text.LiesIn(plot.PlotArea)).Select(text => text.Text);
}
