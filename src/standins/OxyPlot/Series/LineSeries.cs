using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Series;

/// <summary>Points joined by a line, which is broken at points that are no numbers. Lengths are in pixels.</summary>
public class LineSeries : DataPointSeries
{
    private OxyColor _nextColor;
    private LineStyle _nextStyle;

    /// <summary>The colour; the next of the plot's unless set.</summary>
    public OxyColor Color { get; set; } = OxyColors.Automatic;

    /// <summary>The colour that is drawn with.</summary>
    public OxyColor ActualColor => Color.GetActualColor(_nextColor);

    /// <summary>
    /// How the line is dashed; unless set not at all as long as the plot's colours last, and differently when they are taken
    /// again.
    /// </summary>
    public LineStyle LineStyle { get; set; } = LineStyle.Automatic;

    /// <summary>How thick the line is, 2 unless set.</summary>
    public double StrokeThickness { get; set; } = 2;

    /// <summary>What marks the points; nothing unless set.</summary>
    public MarkerType MarkerType { get; set; } = MarkerType.None;

    /// <summary>Half how wide a marker is, 3 unless set.</summary>
    public double MarkerSize { get; set; } = 3;

    /// <summary>The colour of the markers; that of the line unless set.</summary>
    public OxyColor MarkerFill { get; set; } = OxyColors.Automatic;

    /// <summary>The outline of the markers; none unless set.</summary>
    public OxyColor MarkerStroke { get; set; } = OxyColors.Automatic;

    /// <summary>How thick that outline is, 1 unless set.</summary>
    public double MarkerStrokeThickness { get; set; } = 1;

    /// <summary>Points nearer than this to the one before are passed by, except the last, 2 unless set.</summary>
    public double MinimumSegmentLength { get; set; } = 2;

    internal Pen LinePen => new(ActualColor, StrokeThickness, LineStyle == LineStyle.Automatic ? _nextStyle : LineStyle);

    internal override void AssignColors()
    {
        _nextStyle = Plot.GetDefaultLineStyle();
        _nextColor = Color.IsAutomatic() ? Plot.GetDefaultColor() : _nextColor;
    }

    internal override void Draw(SvgCanvas canvas)
    {
        canvas.BeginClip(Plot.PlotArea);
        canvas.Lines(Rows(Points).Select(Thin), LinePen);
        canvas.EndClip();
        DrawMarkers(canvas, Points.Where(AxisRange.Allows).Select(Transform).Where(Plot.PlotArea.Inflate(0.5, 0.5).Contains));
    }

    internal override void DrawSymbol(SvgCanvas canvas, OxyRect place)
    {
        canvas.Lines([[new ScreenPoint(place.Left, place.Center.Y), new ScreenPoint(place.Right, place.Center.Y)]], LinePen);
        DrawMarkers(canvas, [place.Center]);
    }

    /// <summary>The runs of points between those that are no numbers, in the picture.</summary>
    private protected IEnumerable<List<ScreenPoint>> Rows(IEnumerable<DataPoint> points)
    {
        var row = new List<ScreenPoint>();
        foreach (var point in points)
        {
            if (AxisRange.Allows(point))
            {
                row.Add(Transform(point));
            }
            else if (row.Count > 0)
            {
                yield return row;
                row = [];
            }
        }

        if (row.Count > 0)
        {
            yield return row;
        }
    }

    private protected List<ScreenPoint> Thin(List<ScreenPoint> row)
    {
        var kept = new List<ScreenPoint>();
        for (var i = 0; i < row.Count; i++)
        {
            if (i == 0 || i == row.Count - 1 || !(kept[^1].DistanceTo(row[i]) < MinimumSegmentLength))
            {
                kept.Add(row[i]);
            }
        }

        return kept;
    }

    private void DrawMarkers(SvgCanvas canvas, IEnumerable<ScreenPoint> points) => canvas.Markers(
        points.Select(point => (point, MarkerSize)),
        MarkerType,
        MarkerFill.GetActualColor(ActualColor),
        new Pen(MarkerStroke, MarkerStrokeThickness));
}
