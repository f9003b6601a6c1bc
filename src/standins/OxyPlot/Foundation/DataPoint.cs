using System.Globalization;

namespace OxyPlot;

/// <summary>A point in the coordinates of the data.</summary>
/// <param name="x">The x coordinate.</param>
/// <param name="y">The y coordinate.</param>
public readonly struct DataPoint(double x, double y) : IEquatable<DataPoint>
{
    /// <summary>The point that is nowhere; a line is broken there.</summary>
    public static readonly DataPoint Undefined = new(double.NaN, double.NaN);

    /// <summary>The x coordinate.</summary>
    public double X { get; } = x;

    /// <summary>The y coordinate.</summary>
    public double Y { get; } = y;

    /// <summary>Whether both coordinates are numbers.</summary>
    public bool IsDefined() => !double.IsNaN(X) && !double.IsNaN(Y);

    /// <summary>Whether both coordinates are the same; NaN equals NaN.</summary>
    public bool Equals(DataPoint other) => X.Equals(other.X) && Y.Equals(other.Y);

    /// <summary>The coordinates, separated by a space, whatever the culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X} {Y}");
}
