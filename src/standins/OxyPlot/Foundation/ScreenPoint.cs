namespace OxyPlot;

/// <summary>A point of the picture in pixels; y grows downwards.</summary>
/// <param name="x">The distance from the left edge.</param>
/// <param name="y">The distance from the upper edge.</param>
public readonly struct ScreenPoint(double x, double y)
{
    /// <summary>The distance from the left edge.</summary>
    public double X { get; } = x;

    /// <summary>The distance from the upper edge.</summary>
    public double Y { get; } = y;

    /// <summary>The point moved by a vector.</summary>
    public static ScreenPoint operator +(ScreenPoint p1, ScreenVector p2) => new(p1.X + p2.X, p1.Y + p2.Y);

    /// <summary>The distance between two points.</summary>
    public double DistanceTo(ScreenPoint point) => Math.Sqrt(((X - point.X) * (X - point.X)) + ((Y - point.Y) * (Y - point.Y)));
}
