namespace OxyPlot.Series;

/// <summary>A marked point with error bars.</summary>
/// <param name="x">The x coordinate.</param>
/// <param name="y">The y coordinate.</param>
/// <param name="errorX">The length of the level bar, from end to end; none if NaN.</param>
/// <param name="errorY">The length of the upright bar, from end to end: twice the half-width of an interval; none if NaN.</param>
/// <param name="size">Half how wide its marker is, in pixels; as the series has it if NaN.</param>
/// <param name="value">The value that the colour axis gives it a colour for; that of the series if NaN.</param>
/// <param name="tag">Whatever belongs to it.</param>
public class ScatterErrorPoint(
    double x, double y, double errorX, double errorY, double size = double.NaN, double value = double.NaN, object? tag = null)
    : ScatterPoint(x, y, size, value, tag)
{
    /// <summary>The length of the level bar, from end to end.</summary>
    public double ErrorX { get; } = errorX;

    /// <summary>The length of the upright bar, from end to end.</summary>
    public double ErrorY { get; } = errorY;
}
