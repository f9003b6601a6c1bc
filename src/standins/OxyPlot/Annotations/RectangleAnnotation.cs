using OxyPlot.Axes;
using OxyPlot.Layout;
using OxyPlot.Svg;

namespace OxyPlot.Annotations;

/// <summary>A rectangle, which goes as far as the axes on each side that is not set.</summary>
public class RectangleAnnotation : ShapeAnnotation
{
    /// <summary>Where it begins on the x axis.</summary>
    public double MinimumX { get; set; } = double.NaN;

    /// <summary>Where it ends on the x axis.</summary>
    public double MaximumX { get; set; } = double.NaN;

    /// <summary>Where it begins on the y axis.</summary>
    public double MinimumY { get; set; } = double.NaN;

    /// <summary>Where it ends on the y axis.</summary>
    public double MaximumY { get; set; } = double.NaN;

    internal override void Draw(SvgCanvas canvas, LabelPlacer places)
    {
        var (left, right) = (Or(MinimumX, XAxis.ActualMinimum), Or(MaximumX, XAxis.ActualMaximum));
        var (bottom, top) = (Or(MinimumY, YAxis.ActualMinimum), Or(MaximumY, YAxis.ActualMaximum));
        var rectangle = new OxyRect(Transform(new DataPoint(left, bottom)), Transform(new DataPoint(right, top)));
        canvas.BeginClip(Plot.PlotArea);
        canvas.Rectangle(rectangle, Fill, new Pen(Stroke, StrokeThickness));
        canvas.EndClip();
        if (!string.IsNullOrWhiteSpace(Text))
        {
            var at = AxisRange.Allows(TextPosition) ? Transform(TextPosition) : rectangle.Center;
            canvas.Text(Text, TextStyle, at, TextHorizontalAlignment, TextVerticalAlignment, TextRotation);
        }
    }

    private static double Or(double value, double otherwise) => AxisRange.Allows(value) ? value : otherwise;
}
