namespace OxyPlot.Axes;

/// <summary>Even steps along an axis.</summary>
internal static class TickSteps
{
    // What a multiple of the step may miss an end of the axis by and still be on it, in steps.
    private const double Tolerance = 1e-6;

    /// <summary>The least of the numbers 1, 2 and 5 times a power of ten that is not below a positive size.</summary>
    public static double AtLeast(double size)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(size)));
        var factor = (size / unit * (1 - Tolerance)) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return factor * unit;
    }

    /// <summary>A fourth of a step that is 2 times a power of ten, a fifth of another.</summary>
    public static double Minor(double step)
    {
        var mantissa = step / Math.Pow(10, Math.Floor(Math.Log10(step * (1 + Tolerance))));
        return step / (Math.Abs(mantissa - 2) < 0.01 ? 4 : 5);
    }

    /// <summary>The multiples of a step from one value to another, in ascending order; none if there were too many.</summary>
    public static IList<double> Values(double from, double to, double step, int most)
    {
        var first = Math.Ceiling((from / step) - Tolerance);
        var count = Math.Floor((to / step) + Tolerance) - first + 1;
        return count >= 1 && count <= most + 1
            ? [.. Enumerable.Range(0, (int)count).Select(i => Math.Clamp((first + i) * step, from, to))]
            : [];
    }
}
