using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Series;

/// <summary>Marked points. Lengths are in pixels.</summary>
/// <typeparam name="T">The type of the points.</typeparam>
public abstract class ScatterSeries<T> : XYAxisSeries
    where T : ScatterPoint
{
    private OxyColor _nextColor;

    /// <summary>The points.</summary>
    public List<T> Points { get; } = [];

    /// <summary>What marks the points, squares unless set.</summary>
    public MarkerType MarkerType { get; set; } = MarkerType.Square;

    /// <summary>Half how wide a marker is, 5 unless set.</summary>
    public double MarkerSize { get; set; } = 5;

    /// <summary>The colour of the markers; the next of the plot's unless set.</summary>
    public OxyColor MarkerFill { get; set; } = OxyColors.Automatic;

    /// <summary>The outline of the markers; none unless set.</summary>
    public OxyColor MarkerStroke { get; set; } = OxyColors.Automatic;

    /// <summary>How thick that outline is, 1 unless set.</summary>
    public double MarkerStrokeThickness { get; set; } = 1;

    /// <summary>The key of the axis that gives colours to points with a value; the first colour axis unless set.</summary>
    public string? ColorAxisKey { get; set; }

    /// <summary>The colour that markers are drawn with.</summary>
    public OxyColor ActualMarkerFillColor => MarkerFill.GetActualColor(_nextColor);

    internal override IEnumerable<OxyRect> Marks => from mark in Shown()
                                                    where MarkerType != MarkerType.None
                                                    select new OxyRect(mark.Center, mark.Center).Inflate(mark.Size, mark.Size);

    private Pen Outline => new(MarkerStroke, MarkerStrokeThickness);

    private LinearColorAxis? ColorAxis => ColorAxes.Find(Plot, ColorAxisKey);

    internal override IEnumerable<DataPoint> Extent() => Points.Select(At);

    internal override void AssignColors() => _nextColor = MarkerFill.IsAutomatic() ? Plot.GetDefaultColor() : _nextColor;

    internal override void IncludeData()
    {
        base.IncludeData();
        var axis = ColorAxis;
        Points.ForEach(point => axis?.Include(point.Value));
    }

    internal override void Draw(SvgCanvas canvas)
    {
        foreach (var alike in Shown().GroupBy(mark => mark.Color))
        {
            canvas.Markers(alike.Select(mark => (mark.Center, mark.Size)), MarkerType, alike.Key, Outline);
        }
    }

    internal override void DrawSymbol(SvgCanvas canvas, OxyRect place) => canvas.Markers(
        [(place.Center, Math.Min(MarkerSize, place.Height / 2))], MarkerType, ActualMarkerFillColor, Outline);

    private static DataPoint At(T point) => new(point.X, point.Y);

    private IEnumerable<(ScreenPoint Center, double Size, OxyColor Color)> Shown()
    {
        var (area, axis) = (Plot.PlotArea.Inflate(0.5, 0.5), ColorAxis);
        return from point in Points
               where AxisRange.Allows(At(point))
               let center = Transform(At(point))
               where area.Contains(center)
               let size = point.Size >= 0 ? point.Size : MarkerSize
               let color = axis is null || double.IsNaN(point.Value) ? ActualMarkerFillColor : axis.ColorOf(point.Value)
               select (center, size, color);
    }
}
