namespace OxyPlot.Axes;

/// <summary>The two axes that something is drawn on.</summary>
internal static class AxisPair
{
    /// <summary>The axes with the keys, or the plot's first ones.</summary>
    /// <exception cref="InvalidOperationException">A key names no axis, or both axes run in one direction.</exception>
    public static (Axis X, Axis Y) Find(PlotModel plot, string? xKey, string? yKey, string owner)
    {
        var x = xKey is null ? plot.DefaultXAxis! : plot.GetAxis(xKey);
        var y = yKey is null ? plot.DefaultYAxis! : plot.GetAxis(yKey);
        return x.IsVertical() != y.IsVertical()
            ? (x, y)
            : throw new InvalidOperationException(
                $"A {owner} needs one level and one upright axis, but its x axis is at {x.Position} and its y axis at {y.Position}.");
    }

    /// <summary>The place of a point in the picture.</summary>
    public static ScreenPoint Transform(Axis x, Axis y, DataPoint point) => x.IsVertical()
        ? new ScreenPoint(y.Transform(point.Y), x.Transform(point.X))
        : new ScreenPoint(x.Transform(point.X), y.Transform(point.Y));
}
