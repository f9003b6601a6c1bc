using System.Globalization;
using OxyPlot.Series;

namespace OxyPlot.Axes;

/// <summary>An axis of names: the first is at 0, the next at 1, and so on.</summary>
public class CategoryAxis : LinearAxis
{
    // Ticks closer than this would be a bar of gray.
    private const double LeastTickDistance = 3;

    private int _bars;

    /// <summary>An axis below the plot area, without names yet.</summary>
    public CategoryAxis()
    {
        Position = AxisPosition.Bottom;
        MinimumPadding = 0;
        MaximumPadding = 0;
        MajorStep = 1;
    }

    /// <summary>The names.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>The names, and numbers from 1 where bars go on after them.</summary>
    public IList<string> ActualLabels => [.. Enumerable.Range(0, Count).Select(LabelAt)];

    /// <summary>Whether ticks are at the names; unless set, they are between them.</summary>
    public bool IsTickCentered { get; set; }

    /// <summary>
    /// How wide the gap between the bars of neighbouring categories is, in widths of the bars of one category together, 1 unless
    /// set.
    /// </summary>
    public double GapWidth { get; set; } = 1;

    private int Count => Math.Max(Labels.Count, _bars);

    /// <inheritdoc/>
    public override void GetTickValues(
        out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        base.GetTickValues(out majorLabelValues, out majorTickValues, out minorTickValues);
        minorTickValues = [];
        if (Math.Abs(Transform(ActualMajorStep) - Transform(0)) < LeastTickDistance)
        {
            majorTickValues = [];
        }
        else if (!IsTickCentered)
        {
            var half = ActualMajorStep / 2;
            var last = majorLabelValues.TakeLast(1).Select(value => value + half);
            majorTickValues = [.. majorLabelValues.Select(value => value - half), .. last];
        }
    }

    /// <inheritdoc/>
    protected override string FormatValueOverride(double x)
    {
        var index = Math.Round(x);
        return index >= 0 && index < Count ? LabelAt((int)index) : "";
    }

    internal override void ResetData()
    {
        base.ResetData();
        _bars = 0;
    }

    /// <summary>Makes room for bars, as many as told.</summary>
    internal void IncludeBars(int count) => _bars = Math.Max(_bars, count);

    internal override void UpdateRange()
    {
        Include(-0.5);
        Include(Math.Max(1, Count) - 0.5);
        base.UpdateRange();
    }

    /// <summary>
    /// Where the bars of a series begin and end in each category, from -0.5 to 0.5; series share the room in their order.
    /// </summary>
    internal (double From, double To) BarPlace(BarSeries series)
    {
        var widths = series.Plot.VisibleSeries.OfType<BarSeries>().Where(other => other.YAxis == this)
            .Select(other => (Series: other, Width: other.BarWidth > 0 ? other.BarWidth : 0)).ToList();
        var total = widths.Sum(bar => bar.Width);
        var unit = total > 0 ? 1 / (1 + Math.Max(0, GapWidth)) / total : 0;
        var before = widths.TakeWhile(bar => bar.Series != series).Sum(bar => bar.Width);
        var from = (before - (total / 2)) * unit;
        return (from, from + (widths.First(bar => bar.Series == series).Width * unit));
    }

    private string LabelAt(int index) =>
        index < Labels.Count ? Labels[index] ?? "" : (index + 1).ToString(CultureInfo.InvariantCulture);
}
