using OxyPlot.Axes;
using OxyPlot.Layout;
using OxyPlot.Svg;

namespace OxyPlot.Annotations;

/// <summary>A line across the plot area, with a text along it. Lengths are in pixels.</summary>
public abstract class PathAnnotation : TextualAnnotation
{
    /// <summary>A dashed blue line with its text below its end.</summary>
    protected PathAnnotation()
    {
        TextHorizontalAlignment = HorizontalAlignment.Right;
        TextVerticalAlignment = VerticalAlignment.Top;
    }

    /// <summary>The colour, blue unless set.</summary>
    public OxyColor Color { get; set; } = OxyColors.Blue;

    /// <summary>How the line is dashed, with dashes unless set.</summary>
    public LineStyle LineStyle { get; set; } = LineStyle.Dash;

    /// <summary>How thick the line is, 1 unless set.</summary>
    public double StrokeThickness { get; set; } = 1;

    /// <summary>Where the text is along the line, from 0 at its start to 1 at its end, as it is unless set.</summary>
    public double TextLinePosition { get; set; } = 1;

    /// <summary>How far the text is from the end of the line, 12 unless set.</summary>
    public double TextMargin { get; set; } = 12;

    /// <summary>How the text runs.</summary>
    public AnnotationTextOrientation TextOrientation { get; set; } = AnnotationTextOrientation.AlongLine;

    internal override void Draw(SvgCanvas canvas, LabelPlacer places)
    {
        if (Ends() is not { } line)
        {
            return;
        }

        canvas.BeginClip(Plot.PlotArea);
        canvas.Segments([line], new Pen(Color, StrokeThickness, LineStyle));
        canvas.EndClip();
        if (!string.IsNullOrWhiteSpace(Text))
        {
            DrawText(canvas, Text, line.From, line.To);
        }
    }

    /// <summary>Where the line enters and leaves the plot area, or null where it does not.</summary>
    internal abstract (ScreenPoint From, ScreenPoint To)? Ends();

    private void DrawText(SvgCanvas canvas, string text, ScreenPoint from, ScreenPoint to)
    {
        var length = Math.Max(from.DistanceTo(to), 1e-9);
        var margin = TextHorizontalAlignment == HorizontalAlignment.Center ? 0 : TextLinePosition < 0.5 ? TextMargin : -TextMargin;
        var fraction = Math.Clamp(TextLinePosition, 0, 1) + (margin / length);
        var at = new ScreenPoint(from.X + (fraction * (to.X - from.X)), from.Y + (fraction * (to.Y - from.Y)));
        var angle = TextOrientation switch
        {
            AnnotationTextOrientation.Horizontal => 0,
            AnnotationTextOrientation.Vertical => -90,
            _ => Math.Atan2(to.Y - from.Y, to.X - from.X) * 180 / Math.PI,
        };
        angle = angle >= 90 ? angle - 180 : angle < -90 ? angle + 180 : angle;
        if (AxisRange.Allows(TextPosition))
        {
            (at, angle) = (Transform(TextPosition), TextRotation);
        }

        canvas.Text(text, TextStyle, at, TextHorizontalAlignment, TextVerticalAlignment, angle);
    }
}
