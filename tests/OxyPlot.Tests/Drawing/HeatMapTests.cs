using OxyPlot.Axes;
using OxyPlot.Series;

namespace OxyPlot.Tests.Drawing;

public sealed class HeatMapTests
{
    private static readonly OxyColor _low = OxyColor.FromRgb(10, 20, 30);
    private static readonly OxyColor _high = OxyColor.FromRgb(200, 210, 220);

    [Fact]
    public void Cells_OfATable_AreAtTheirColumnsAndRows()
    {
        var plot = Plot(new double[,] { { 0, 1 }, { 0, 0 }, { 1, 0 } });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, MinimumPadding = 0, MaximumPadding = 0 });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, MinimumPadding = 0, MaximumPadding = 0 });
        var cells = Picture.Of(plot).Rectangles(_high);

        Assert.Equal((-0.5, 2.5), (plot.DefaultXAxis!.ActualMinimum, plot.DefaultXAxis.ActualMaximum));
        Assert.Equal((-0.5, 1.5), (plot.DefaultYAxis!.ActualMinimum, plot.DefaultYAxis.ActualMaximum));
        var area = plot.PlotArea;
        Assert.Equal(2, cells.Count);
        Assert.Equal((area.Left, area.Top), (cells[0].Left, cells[0].Top), new Near());
        Assert.Equal((area.Right, area.Bottom), (cells[1].Right, cells[1].Bottom), new Near());
    }

    [Fact]
    public void Cells_GivenByTheirEdges_FillTheRange()
    {
        var plot = Plot(new double[,] { { 0, 1 }, { 0, 0 } });
        var map = (HeatMapSeries)plot.Series[0];
        (map.CoordinateDefinition, map.X0, map.X1, map.Y0, map.Y1) = (HeatMapCoordinateDefinition.Edge, 10, 20, 0, 4);
        Picture.Of(plot);
        var (x, y) = (plot.DefaultXAxis!, plot.DefaultYAxis!);
        Assert.Equal((10, 20, 0, 4), (x.DataMinimum, x.DataMaximum, y.DataMinimum, y.DataMaximum));
    }

    [Fact]
    public void Cells_WithoutANumber_HaveTheColorKeptForThem()
    {
        var plot = Plot(new[,] { { 0, double.NaN }, { double.PositiveInfinity, 1 } });
        Assert.Equal(2, Picture.Of(plot).Rectangles(OxyColors.Gray).Count);
        ((LinearColorAxis)plot.Axes[0]).InvalidNumberColor = OxyColors.Transparent;
        Assert.Empty(Picture.Of(plot).Rectangles(OxyColors.Gray));
    }

    [Fact]
    public void Cells_BeyondTheAxis_HaveTheColorsOfItsEndsOrTheirOwn()
    {
        var plot = Plot(new double[,] { { -5, 5 } });
        var axis = (LinearColorAxis)plot.Axes[0];
        (axis.Minimum, axis.Maximum) = (0, 1);
        Assert.Equal((1, 1), (Picture.Of(plot).Rectangles(_low).Count, Picture.Of(plot).Rectangles(_high).Count));
        (axis.LowColor, axis.HighColor) = (OxyColors.Blue, OxyColors.Red);
        Assert.Equal((1, 1), (Picture.Of(plot).Rectangles(OxyColors.Blue).Count, Picture.Of(plot).Rectangles(OxyColors.Red).Count));
    }

    [Fact]
    public void Labels_OfCells_ContrastAndStayInTheirCells()
    {
        var plot = Plot(new[,] { { 0.25, 0.75 }, { double.NaN, 1 } });
        ((HeatMapSeries)plot.Series[0]).LabelFontSize = 0.5;
        var picture = Picture.Of(plot, 300, 300);
        var labels = picture.Elements("text").Where(text => text.Value is "0.25" or "0.75" or "1.00").ToList();
        Assert.Equal(["#ffffff", "#1a1a1a", "#1a1a1a"], labels.Select(label => label.Attribute("fill")!.Value));
        Assert.All(picture.Texts.Where(text => text.Text is "0.25" or "0.75" or "1.00"), text => Assert.True(text.LiesIn(plot.PlotArea)));
        AxisLabelTests.AssertApart(picture);
    }

    [Fact]
    public void Labels_OfCellsTooSmall_AreLeftOut()
    {
        var plot = Plot(new double[100, 100]);
        ((HeatMapSeries)plot.Series[0]).LabelFontSize = 0.5;
        Assert.DoesNotContain(Picture.Of(plot).Texts, text => text.Text == "0.00");
    }

    [Fact]
    public void ColorAxis_WithAPosition_IsABarOfItsColors()
    {
        var plot = Plot(new double[,] { { 0, 1 } });
        var axis = (LinearColorAxis)plot.Axes[0];
        (axis.Position, axis.MajorTickSize, axis.Title) = (AxisPosition.Right, 18, "value");
        var picture = Picture.Of(plot);
        var bars = picture.Rectangles(_low).Concat(picture.Rectangles(_high)).Where(bar => bar.Left > plot.PlotArea.Right).ToList();
        Assert.Equal(2, bars.Count);
        Assert.All(bars, bar => Assert.Equal((16, plot.PlotArea.Height / 2), (bar.Width, bar.Height), new Near()));
        Assert.Contains(picture.Texts, text => text.Text == "value");
    }

    private static PlotModel Plot(double[,] data)
    {
        var plot = new PlotModel();
        plot.Axes.Add(new LinearColorAxis { Palette = new OxyPalette(_low, _high) });
        plot.Series.Add(new HeatMapSeries { Data = data, X1 = data.GetLength(0) - 1, Y1 = data.GetLength(1) - 1 });
        return plot;
    }
}
