using OxyPlot.Axes;
using OxyPlot.Series;

namespace OxyPlot.Tests.Drawing;

/// <summary>Data land where the axes say.</summary>
public sealed class PlacementTests
{
    [Fact]
    public void Point_InAPlot_LandsWhereTheAxesTransformIt()
    {
        var plot = Plot(0, 10, -1, 1);
        var series = new ScatterSeries { MarkerType = MarkerType.Circle };
        series.Points.Add(new ScatterPoint(2.5, 0.5));
        plot.Series.Add(series);

        var disc = Assert.Single(Picture.Of(plot).Discs());
        var area = plot.PlotArea;
        Assert.Equal(area.Left + (area.Width * 0.25), disc.X, 0.01);
        Assert.Equal(area.Top + (area.Height * 0.25), disc.Y, 0.01);
        Assert.Equal(plot.Axes[0].Transform(2.5), disc.X, 0.01);
        Assert.Equal(plot.Axes[1].Transform(0.5), disc.Y, 0.01);
    }

    [Fact]
    public void Point_OnReversedAxes_LandsOnTheOtherSide()
    {
        var plot = Plot(0, 10, 0, 10);
        foreach (var axis in plot.Axes)
        {
            (axis.StartPosition, axis.EndPosition) = (1, 0);
            Assert.True(axis.IsReversed);
        }

        var series = new LineSeries { MarkerType = MarkerType.Circle };
        series.Points.Add(new DataPoint(1, 1));
        plot.Series.Add(series);

        var disc = Picture.Of(plot).Discs().Single();
        Assert.Equal(plot.PlotArea.Right - (plot.PlotArea.Width / 10), disc.X, 0.01);
        Assert.Equal(plot.PlotArea.Top + (plot.PlotArea.Height / 10), disc.Y, 0.01);
    }

    [Fact]
    public void Series_WithAnUprightXAxis_IsTransposed()
    {
        var plot = Plot(0, 10, 0, 10);
        (plot.Axes[0].Key, plot.Axes[1].Key) = ("level", "upright");
        var series = new LineSeries { MarkerType = MarkerType.Circle, XAxisKey = "upright", YAxisKey = "level" };
        series.Points.Add(new DataPoint(2, 7));
        plot.Series.Add(series);

        var disc = Picture.Of(plot).Discs().Single();
        Assert.Equal(plot.Axes[0].Transform(7), disc.X, 0.01);
        Assert.Equal(plot.Axes[1].Transform(2), disc.Y, 0.01);
        Assert.Equal(disc.X, series.Transform(new DataPoint(2, 7)).X, 0.01);
    }

    [Fact]
    public void Range_OfSeries_IsTheirsWithOnePercentOnEachSide()
    {
        var plot = new PlotModel();
        var series = new LineSeries();
        series.Points.AddRange([new DataPoint(100, -5), new DataPoint(300, 15), DataPoint.Undefined]);
        plot.Series.Add(series);
        Picture.Of(plot);

        Assert.Equal((98, 302), (plot.DefaultXAxis!.ActualMinimum, plot.DefaultXAxis.ActualMaximum));
        Assert.Equal((-5.2, 15.2), (plot.DefaultYAxis!.ActualMinimum, plot.DefaultYAxis.ActualMaximum));
        Assert.Equal((100, 300), (plot.DefaultXAxis.DataMinimum, plot.DefaultXAxis.DataMaximum));
    }

    [Fact]
    public void Range_OfAHiddenSeries_DoesNotCount()
    {
        var plot = new PlotModel();
        var series = new LineSeries { IsVisible = false };
        series.Points.AddRange([new DataPoint(100, -5), new DataPoint(300, 15)]);
        plot.Series.Add(series);
        Picture.Of(plot);
        Assert.Equal((0, 100), (Math.Ceiling(plot.DefaultXAxis!.ActualMinimum), Math.Floor(plot.DefaultXAxis.ActualMaximum)));
    }

    [Fact]
    public void PlotArea_WithSetMargins_LeavesExactlyThose()
    {
        var plot = Plot(0, 1, 0, 1);
        plot.Padding = new OxyThickness(0);
        plot.PlotMargins = new OxyThickness(60, 10, 20, double.NaN);
        Picture.Of(plot);
        Assert.Equal((60, 10, 680), (plot.PlotArea.Left, plot.PlotArea.Top, plot.PlotArea.Right));
        Assert.InRange(plot.PlotArea.Bottom, 380, 405);
        Assert.Equal((700, 420), (plot.Width, plot.Height));
    }

    [Fact]
    public void GridLines_OfAnAxis_AreAtItsTicksAndExtraValues()
    {
        var plot = Plot(0, 4, 0, 1);
        var (axis, pale, red) = (plot.Axes[0], OxyColor.FromRgb(1, 2, 3), OxyColors.Red);
        (axis.MajorStep, axis.MajorGridlineStyle, axis.MajorGridlineColor) = (1, LineStyle.Solid, pale);
        (axis.ExtraGridlines, axis.ExtraGridlineColor) = ([2.5, 99, double.NaN], red);

        var picture = Picture.Of(plot);
        Assert.Equal(5, Assert.Single(picture.Lines(pale)).Count(c => c == 'M'));
        Assert.Equal($"M{Svg.SvgWriter.Number(axis.Transform(2.5))} ", Assert.Single(picture.Lines(red)).Split(' ')[0] + " ");
    }

    private static PlotModel Plot(double left, double right, double bottom, double top)
    {
        var plot = new PlotModel();
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = left, Maximum = right });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = bottom, Maximum = top });
        return plot;
    }
}
