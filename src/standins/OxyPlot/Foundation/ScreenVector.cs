namespace OxyPlot;

/// <summary>A way from one point of the picture to another, in pixels; y grows downwards.</summary>
/// <param name="x">How far to the right.</param>
/// <param name="y">How far down.</param>
public readonly struct ScreenVector(double x, double y)
{
    /// <summary>How far to the right.</summary>
    public double X { get; } = x;

    /// <summary>How far down.</summary>
    public double Y { get; } = y;

    /// <summary>How far in all.</summary>
    public double Length => Math.Sqrt((X * X) + (Y * Y));
}
