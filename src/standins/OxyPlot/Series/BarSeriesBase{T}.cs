namespace OxyPlot.Series;

/// <summary>Bars, one in each category.</summary>
/// <typeparam name="T">The type of the bars.</typeparam>
public abstract class BarSeriesBase<T> : XYAxisSeries
    where T : BarItemBase
{
    /// <summary>The bars.</summary>
    public List<T> Items { get; } = [];

    /// <summary>How wide the bars are beside those of other series in one category, 1 unless set.</summary>
    public double BarWidth { get; set; } = 1;

    /// <summary>The colour of the bars' outline, black unless set.</summary>
    public OxyColor StrokeColor { get; set; } = OxyColors.Black;

    /// <summary>How thick that outline is, in pixels; there is none unless set.</summary>
    public double StrokeThickness { get; set; }
}
