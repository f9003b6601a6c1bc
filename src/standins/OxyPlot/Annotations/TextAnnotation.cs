using OxyPlot.Axes;
using OxyPlot.Layout;
using OxyPlot.Svg;

namespace OxyPlot.Annotations;

/// <summary>
/// A text at a point. Where it would cover a marker, a legend or another text, or be cut, it is put on another side of its
/// point, with a thin line to it from farther away. The official package leaves it where it is.
/// </summary>
public class TextAnnotation : TextualAnnotation
{
    // From here on, in pixels, a text that was moved is joined to its point by a line, which ends short of the point.
    private const double FarAway = 12;
    private const double LineGap = 6;

    /// <summary>A text above its point.</summary>
    public TextAnnotation() => TextVerticalAlignment = VerticalAlignment.Bottom;

    /// <summary>The way from the point to the text, in pixels.</summary>
    public ScreenVector Offset { get; set; }

    /// <summary>The colour behind the text; none unless set.</summary>
    public OxyColor Background { get; set; } = OxyColors.Undefined;

    /// <summary>The colour of the frame around the text, black unless set.</summary>
    public OxyColor Stroke { get; set; } = OxyColors.Black;

    /// <summary>How thick that frame is, 1 unless set.</summary>
    public double StrokeThickness { get; set; } = 1;

    /// <summary>What is left free within the frame, 4 unless set.</summary>
    public OxyThickness Padding { get; set; } = new(4);

    internal override void Draw(SvgCanvas canvas, LabelPlacer places)
    {
        var isShown = AxisRange.Allows(TextPosition) && Plot.PlotArea.Inflate(0.5, 0.5).Contains(Transform(TextPosition));
        if (!isShown || string.IsNullOrWhiteSpace(Text))
        {
            return;
        }

        var size = FontMetrics.Measure(Text, TextStyle);
        var asked = new LabelPlace(Transform(TextPosition) + Offset, TextHorizontalAlignment, TextVerticalAlignment);
        var place = asked;
        if (TextRotation == 0)
        {
            place = places.Place(size, asked, Offset);
            if (place != asked)
            {
                DrawLine(canvas, Transform(TextPosition), place.Bounds(size));
            }

            canvas.Rectangle(place.Bounds(size).Inflate(Padding), Background, new Pen(Stroke, StrokeThickness));
        }

        canvas.Text(Text, TextStyle, place.At, place.Horizontal, place.Vertical, TextRotation);
    }

    private void DrawLine(SvgCanvas canvas, ScreenPoint point, OxyRect bounds)
    {
        var end = new ScreenPoint(Math.Clamp(point.X, bounds.Left, bounds.Right), Math.Clamp(point.Y, bounds.Top, bounds.Bottom));
        var distance = point.DistanceTo(end);
        if (distance >= FarAway)
        {
            var near = LineGap / distance;
            var start = new ScreenPoint(point.X + (near * (end.X - point.X)), point.Y + (near * (end.Y - point.Y)));
            canvas.Segments([(start, end)], new Pen(TextStyle.Color, 0.5));
        }
    }
}
