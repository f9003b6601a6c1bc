using OxyPlot.Axes;

namespace OxyPlot.Annotations;

/// <summary>A straight line.</summary>
public class LineAnnotation : PathAnnotation
{
    /// <summary>Which line it is, one with a slope unless set.</summary>
    public LineAnnotationType Type { get; set; } = LineAnnotationType.LinearEquation;

    /// <summary>The x of a vertical line.</summary>
    public double X { get; set; }

    /// <summary>The y of a horizontal line.</summary>
    public double Y { get; set; }

    /// <summary>The slope of a line with one.</summary>
    public double Slope { get; set; }

    /// <summary>The y where such a line has x = 0.</summary>
    public double Intercept { get; set; }

    internal override (ScreenPoint From, ScreenPoint To)? Ends()
    {
        var (left, right) = (XAxis.ActualMinimum, XAxis.ActualMaximum);
        var (bottom, top) = (YAxis.ActualMinimum, YAxis.ActualMaximum);
        return Type switch
        {
            LineAnnotationType.Horizontal => Y >= bottom && Y <= top ? Between(new(left, Y), new(right, Y)) : null,
            LineAnnotationType.Vertical => X >= left && X <= right ? Between(new(X, bottom), new(X, top)) : null,
            _ => Sloped(left, right, bottom, top),
        };
    }

    private (ScreenPoint From, ScreenPoint To)? Sloped(double left, double right, double bottom, double top)
    {
        if (Slope != 0)
        {
            var (first, second) = ((bottom - Intercept) / Slope, (top - Intercept) / Slope);
            (left, right) = (Math.Max(left, Math.Min(first, second)), Math.Min(right, Math.Max(first, second)));
        }

        var (from, to) = (new DataPoint(left, (Slope * left) + Intercept), new DataPoint(right, (Slope * right) + Intercept));
        var isWithin = left <= right && (Slope != 0 || (Intercept >= bottom && Intercept <= top));
        return isWithin && AxisRange.Allows(from) && AxisRange.Allows(to) ? Between(from, to) : null;
    }

    private (ScreenPoint From, ScreenPoint To) Between(DataPoint from, DataPoint to) => (Transform(from), Transform(to));
}
