using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Series;

/// <summary>
/// Bars along the x axis, one in each category of the y axis. They lie; with keys that name an upright x axis and a level
/// y axis, they stand.
/// </summary>
public class BarSeries : BarSeriesBase<BarItem>
{
    // Between the end of a bar and its label.
    private const double LabelMargin = 4;

    private OxyColor _nextColor;

    /// <summary>The colour of the bars; the next of the plot's unless set.</summary>
    public OxyColor FillColor { get; set; } = OxyColors.Automatic;

    /// <summary>The colour of bars below zero; that of the others unless set.</summary>
    public OxyColor NegativeFillColor { get; set; } = OxyColors.Undefined;

    /// <summary>Where the bars begin, 0 unless set.</summary>
    public double BaseValue { get; set; }

    /// <summary>The format of labels at the ends of the bars, with the value as {0}; there are none unless set.</summary>
    public string? LabelFormatString { get; set; }

    /// <summary>The colour that bars are filled with.</summary>
    public OxyColor ActualFillColor => FillColor.GetActualColor(_nextColor);

    private CategoryAxis Categories => (CategoryAxis)YAxis;

    internal override void AssignAxes()
    {
        base.AssignAxes();
        if (YAxis is not CategoryAxis)
        {
            throw new InvalidOperationException($"A BarSeries needs a CategoryAxis as its y axis, which is a {YAxis.GetType().Name}.");
        }
    }

    internal override void AssignColors() => _nextColor = FillColor.IsAutomatic() ? Plot.GetDefaultColor() : _nextColor;

    internal override IEnumerable<DataPoint> Extent() =>
        Shown().Select(bar => new DataPoint(bar.Item.Value, bar.Category)).Append(new DataPoint(BaseValue, 0));

    internal override void IncludeData()
    {
        Categories.IncludeBars(Items.Select((item, i) => CategoryOf(item, i) + 1).DefaultIfEmpty(0).Max());
        base.IncludeData();
    }

    internal override void Draw(SvgCanvas canvas)
    {
        var place = Categories.BarPlace(this);
        canvas.BeginClip(Plot.PlotArea);
        foreach (var (item, category) in Shown())
        {
            canvas.Rectangle(Bar(item, category, place), ColorOf(item), new Pen(StrokeColor, StrokeThickness));
        }

        canvas.EndClip();
        foreach (var (item, category) in Shown().Where(_ => LabelFormatString is not null))
        {
            DrawLabel(canvas, item, Bar(item, category, place));
        }
    }

    internal override void DrawSymbol(SvgCanvas canvas, OxyRect place) => canvas.Rectangle(
        new OxyRect(place.Center, place.Center).Inflate(Math.Min(place.Width, place.Height) * 0.35, place.Height * 0.35),
        ActualFillColor,
        new Pen(StrokeColor, StrokeThickness));

    private static int CategoryOf(BarItem item, int place) => item.CategoryIndex >= 0 ? item.CategoryIndex : place;

    private IEnumerable<(BarItem Item, int Category)> Shown() =>
        Items.Select((item, i) => (item, CategoryOf(item, i))).Where(bar => AxisRange.Allows(bar.item.Value));

    private OxyRect Bar(BarItem item, int category, (double From, double To) place) => new(
        Transform(new DataPoint(BaseValue, category + place.From)), Transform(new DataPoint(item.Value, category + place.To)));

    private OxyColor ColorOf(BarItem item) =>
        item.Color.GetActualColor(item.Value < 0 && !NegativeFillColor.IsUndefined() ? NegativeFillColor : ActualFillColor);

    /// <summary>Writes the value beyond the end of its bar, or within the bar where there is no room beyond.</summary>
    private void DrawLabel(SvgCanvas canvas, BarItem item, OxyRect bar)
    {
        var text = string.Format(Plot.ActualCulture, LabelFormatString!, item.Value);
        var (size, area, isUpright) = (FontMetrics.Measure(text, TextStyle), Plot.PlotArea, XAxis.IsVertical());
        var (length, low, high) = isUpright ? (size.Height, area.Top, area.Bottom) : (size.Width, area.Left, area.Right);
        var end = XAxis.Transform(item.Value);
        var isForward = end >= XAxis.Transform(BaseValue);
        var fits = isForward ? end + LabelMargin + length <= high : end - LabelMargin - length >= low;
        var isAfterEnd = isForward == fits;

        var along = Math.Clamp(end, low, high) + (isAfterEnd ? LabelMargin : -LabelMargin);
        var at = isUpright ? new ScreenPoint(bar.Center.X, along) : new ScreenPoint(along, bar.Center.Y);
        var style = fits ? TextStyle : TextStyle with { Color = Contrast.On(ColorOf(item)) };
        var side = isAfterEnd ? -1 : 1;
        canvas.Text(text, style, at, (HorizontalAlignment)(isUpright ? 0 : side), (VerticalAlignment)(isUpright ? side : 0));
    }
}
