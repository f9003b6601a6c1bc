using OxyPlot.Axes;
using OxyPlot.Series;

namespace OxyPlot.Tests.Drawing;

/// <summary>A plot that cannot be drawn says why, and nothing of it is written.</summary>
public sealed class FailureTests
{
    [Fact]
    public void Series_WithAKeyThatNoAxisHas_NamesTheKey() =>
        Assert.Contains("'rounds'", Failure(plot => plot.Series.Add(new LineSeries { XAxisKey = "rounds" })));

    [Fact]
    public void Series_WithTwoLevelAxes_NamesBoth() => Assert.Contains("x axis is at Bottom and its y axis at Top", Failure(plot =>
    {
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Top, Key = "top" });
        plot.Series.Add(new LineSeries { YAxisKey = "top" });
    }));

    [Fact]
    public void Bars_WithoutCategories_SayWhatTheyNeed() => Assert.Contains("CategoryAxis", Failure(plot =>
    {
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left });
        plot.Series.Add(new BarSeries());
    }));

    [Fact]
    public void HeatMap_WithoutColors_SaysWhatItNeeds() =>
        Assert.Contains("LinearColorAxis", Failure(plot => plot.Series.Add(new HeatMapSeries { Data = new double[1, 1] })));

    [Fact]
    public void Export_AfterTheMistakeIsMended_ForgetsIt()
    {
        var plot = new PlotModel();
        var series = new LineSeries { XAxisKey = "rounds" };
        plot.Series.Add(series);
        Assert.Throws<InvalidOperationException>(() => Picture.Of(plot));
        series.XAxisKey = null;
        Picture.Of(plot);
        Assert.Null(plot.GetLastPlotException());
    }

    [Fact]
    public void Element_OfAnotherPlot_IsRefused()
    {
        var (first, second, series) = (new PlotModel(), new PlotModel(), new LineSeries());
        first.Series.Add(series);
        Assert.Throws<InvalidOperationException>(() => second.Series.Add(series));
        Assert.Empty(second.Series);
        Assert.Same(first, series.PlotModel);

        Assert.True(first.Series.Remove(series));
        second.Series.Add(series);
        Assert.Same(second, series.Parent);
        second.Series[0] = new LineSeries();
        Assert.Null(series.PlotModel);
        Assert.Throws<ArgumentNullException>(() => second.Series.Add(null!));
    }

    private static string Failure(Action<PlotModel> build)
    {
        var plot = new PlotModel();
        build(plot);
        using var stream = new MemoryStream();
        var thrown = Assert.Throws<InvalidOperationException>(() => new SvgExporter().Export(plot, stream));
        Assert.Same(thrown, plot.GetLastPlotException());
        Assert.Equal(0, stream.Length);
        return thrown.Message;
    }
}
