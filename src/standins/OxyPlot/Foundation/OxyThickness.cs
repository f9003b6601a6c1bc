namespace OxyPlot;

/// <summary>A width for each side of a rectangle, in pixels.</summary>
/// <param name="left">The width on the left.</param>
/// <param name="top">The width at the top.</param>
/// <param name="right">The width on the right.</param>
/// <param name="bottom">The width at the bottom.</param>
public readonly struct OxyThickness(double left, double top, double right, double bottom) : IEquatable<OxyThickness>
{
    /// <summary>The same width on every side.</summary>
    public OxyThickness(double thickness)
        : this(thickness, thickness, thickness, thickness)
    {
    }

    /// <summary>The width on the left.</summary>
    public double Left { get; } = left;

    /// <summary>The width at the top.</summary>
    public double Top { get; } = top;

    /// <summary>The width on the right.</summary>
    public double Right { get; } = right;

    /// <summary>The width at the bottom.</summary>
    public double Bottom { get; } = bottom;

    /// <summary>On each side, the wider of the two.</summary>
    public OxyThickness Include(OxyThickness other) => new(
        Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    /// <summary>Whether all sides agree; NaN equals NaN.</summary>
    public bool Equals(OxyThickness other) =>
        Left.Equals(other.Left) && Top.Equals(other.Top) && Right.Equals(other.Right) && Bottom.Equals(other.Bottom);

    internal bool IsUniform => Left == Top && Left == Right && Left == Bottom;

    /// <summary>This thickness, and the other one on the sides where this one is not a number.</summary>
    internal OxyThickness Or(OxyThickness other) => new(
        double.IsFinite(Left) ? Left : other.Left,
        double.IsFinite(Top) ? Top : other.Top,
        double.IsFinite(Right) ? Right : other.Right,
        double.IsFinite(Bottom) ? Bottom : other.Bottom);
}
