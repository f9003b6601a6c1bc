using OxyPlot.Axes;
using OxyPlot.Series;

namespace OxyPlot.Tests.Drawing;

public sealed class BarTests
{
    private static readonly OxyColor _color = OxyColor.FromRgb(10, 20, 30);

    [Fact]
    public void Bars_InCategories_LieFromTheBaseToTheirValues()
    {
        var (plot, axis) = Plot(3, gapWidth: 1);
        plot.Series.Add(Bars(1, -2, double.NaN, 4));
        var bars = Picture.Of(plot).Rectangles(_color);

        Assert.Equal(3, bars.Count);
        var (zero, x) = (plot.DefaultXAxis!.Transform(0), plot.DefaultXAxis);
        Assert.Equal((zero, x.Transform(1)), (bars[0].Left, bars[0].Right), new Near());
        Assert.Equal((x.Transform(-2), zero), (bars[1].Left, bars[1].Right), new Near());
        Assert.Equal((axis.Transform(0.25), axis.Transform(-0.25)), (bars[0].Top, bars[0].Bottom), new Near());
        Assert.Equal(["a", "b", "c", "4"], axis.ActualLabels);
    }

    [Fact]
    public void Bars_OfTwoSeries_ShareTheirCategory()
    {
        var (plot, axis) = Plot(2, gapWidth: 0);
        plot.Series.Add(Bars(1, 2));
        plot.Series.Add(Bars(3, 4));
        var bars = Picture.Of(plot).Rectangles(_color);
        Assert.Equal((axis.Transform(0), axis.Transform(-0.5)), (bars[0].Top, bars[0].Bottom), new Near());
        Assert.Equal((axis.Transform(0.5), axis.Transform(0)), (bars[2].Top, bars[2].Bottom), new Near());
    }

    [Fact]
    public void Bars_WithColorsOfTheirOwn_HaveThem()
    {
        var (plot, _) = Plot(3, gapWidth: 1);
        var bars = Bars(1, -1, 2);
        bars.NegativeFillColor = OxyColors.Red;
        bars.Items[2].Color = OxyColors.Blue;
        bars.Items[2].CategoryIndex = 1;
        plot.Series.Add(bars);
        var picture = Picture.Of(plot);
        Assert.Single(picture.Rectangles(_color));
        Assert.Equal(Assert.Single(picture.Rectangles(OxyColors.Red)).Top, Assert.Single(picture.Rectangles(OxyColors.Blue)).Top);
    }

    [Fact]
    public void Bars_WithAnUprightXAxis_Stand()
    {
        var plot = new PlotModel();
        plot.Axes.Add(new CategoryAxis { Key = "layers", Position = AxisPosition.Bottom });
        plot.Axes.Add(new LinearAxis { Key = "values", Position = AxisPosition.Left });
        var bars = Bars(1, 2);
        (bars.XAxisKey, bars.YAxisKey) = ("values", "layers");
        plot.Series.Add(bars);
        var rectangles = Picture.Of(plot).Rectangles(_color);
        Assert.Equal(2, rectangles.Count);
        Assert.All(rectangles, rectangle => Assert.Equal(plot.Axes[1].Transform(0), rectangle.Bottom, 0.02));
        Assert.True(rectangles[1].Height > rectangles[0].Height && rectangles[1].Left > rectangles[0].Right);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Labels_OfBars_AreBeyondTheirEndsOrWithinThemButNeverCut(bool isUpright)
    {
        var plot = new PlotModel();
        plot.Axes.Add(new CategoryAxis { Key = "layers", Position = isUpright ? AxisPosition.Bottom : AxisPosition.Left });
        plot.Axes.Add(new LinearAxis { Key = "values", Position = isUpright ? AxisPosition.Left : AxisPosition.Bottom });
        var bars = Bars(100, 50, -50, -100, 0);
        (bars.XAxisKey, bars.YAxisKey, bars.LabelFormatString) = ("values", "layers", "={0:0.0}");
        plot.Series.Add(bars);

        var picture = Picture.Of(plot);
        var labels = picture.Texts.Where(text => text.Text.StartsWith('=')).ToList();
        Assert.Equal(["=100.0", "=50.0", "=-50.0", "=-100.0", "=0.0"], labels.Select(label => label.Text));
        Assert.All(labels, label => Assert.True(label.LiesIn(plot.PlotArea)));
        AxisLabelTests.AssertApart(picture);
        var within = labels.Select(label => picture.Rectangles(_color).Any(bar => bar.Width * bar.Height > 0 && label.LiesIn(bar)));
        Assert.Equal([true, false, false, true, false], within);
    }

    [Fact]
    public void Bars_WithoutAnyAxis_GetOneWithNumbersFromOne()
    {
        var plot = new PlotModel();
        plot.Series.Add(Bars(3, 5));
        var texts = Picture.Of(plot).Texts.Select(text => text.Text);
        Assert.Equal(["1", "2"], texts.TakeLast(2));
    }

    private static (PlotModel Plot, CategoryAxis Axis) Plot(int categories, double gapWidth)
    {
        var plot = new PlotModel();
        var axis = new CategoryAxis { Position = AxisPosition.Left, GapWidth = gapWidth };
        axis.Labels.AddRange(new[] { "a", "b", "c" }.Take(categories));
        plot.Axes.Add(axis);
        return (plot, axis);
    }

    private static BarSeries Bars(params double[] values)
    {
        var bars = new BarSeries { FillColor = _color };
        bars.Items.AddRange(values.Select(value => new BarItem(value)));
        return bars;
    }
}
