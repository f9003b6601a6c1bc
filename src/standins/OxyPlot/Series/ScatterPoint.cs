namespace OxyPlot.Series;

/// <summary>A marked point.</summary>
/// <param name="x">The x coordinate.</param>
/// <param name="y">The y coordinate.</param>
/// <param name="size">Half how wide its marker is, in pixels; as the series has it if NaN.</param>
/// <param name="value">The value that the colour axis gives it a colour for; that of the series if NaN.</param>
/// <param name="tag">Whatever belongs to it.</param>
public class ScatterPoint(double x, double y, double size = double.NaN, double value = double.NaN, object? tag = null)
{
    /// <summary>The x coordinate.</summary>
    public double X { get; } = x;

    /// <summary>The y coordinate.</summary>
    public double Y { get; } = y;

    /// <summary>Half how wide its marker is, in pixels; as the series has it if NaN.</summary>
    public double Size { get; set; } = size;

    /// <summary>The value that the colour axis gives it a colour for; that of the series if NaN.</summary>
    public double Value { get; set; } = value;

    /// <summary>Whatever belongs to it.</summary>
    public object? Tag { get; set; } = tag;
}
