namespace OxyPlot;

/// <summary>A rectangle in pixels; y grows downwards.</summary>
/// <param name="left">The left edge.</param>
/// <param name="top">The upper edge.</param>
/// <param name="width">The width.</param>
/// <param name="height">The height.</param>
public readonly struct OxyRect(double left, double top, double width, double height) : IEquatable<OxyRect>
{
    /// <summary>The rectangle with two points as opposite corners.</summary>
    public OxyRect(ScreenPoint p0, ScreenPoint p1)
        : this(Math.Min(p0.X, p1.X), Math.Min(p0.Y, p1.Y), Math.Abs(p1.X - p0.X), Math.Abs(p1.Y - p0.Y))
    {
    }

    /// <summary>The left edge.</summary>
    public double Left { get; } = left;

    /// <summary>The upper edge.</summary>
    public double Top { get; } = top;

    /// <summary>The width.</summary>
    public double Width { get; } = width;

    /// <summary>The height.</summary>
    public double Height { get; } = height;

    /// <summary>The right edge.</summary>
    public double Right => Left + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Top + Height;

    /// <summary>The point in the middle.</summary>
    public ScreenPoint Center => new(Left + (Width / 2), Top + (Height / 2));

    /// <summary>Whether a point lies in the rectangle or on its edge.</summary>
    public bool Contains(double x, double y) => x >= Left && x <= Right && y >= Top && y <= Bottom;

    /// <summary>Whether a point lies in the rectangle or on its edge.</summary>
    public bool Contains(ScreenPoint p) => Contains(p.X, p.Y);

    /// <summary>The rectangle without a margin on each side; at least empty.</summary>
    public OxyRect Deflate(OxyThickness t) => new(
        Left + t.Left, Top + t.Top, Math.Max(0, Width - t.Left - t.Right), Math.Max(0, Height - t.Top - t.Bottom));

    /// <summary>The rectangle with a margin on each side.</summary>
    public OxyRect Inflate(OxyThickness t) => new(Left - t.Left, Top - t.Top, Width + t.Left + t.Right, Height + t.Top + t.Bottom);

    /// <summary>The rectangle with a margin around it.</summary>
    public OxyRect Inflate(double dx, double dy) => new(Left - dx, Top - dy, Width + (2 * dx), Height + (2 * dy));

    /// <summary>Whether place and size agree.</summary>
    public bool Equals(OxyRect other) =>
        Left.Equals(other.Left) && Top.Equals(other.Top) && Width.Equals(other.Width) && Height.Equals(other.Height);

    /// <summary>The area that two rectangles share, in square pixels.</summary>
    internal double Overlap(OxyRect other)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        return width > 0 && height > 0 ? width * height : 0;
    }
}
