namespace OxyPlot.Axes;

/// <summary>The values at which axes start and end.</summary>
internal static class AxisRange
{
    /// <summary>The largest size of a value that is shown: differences of such values, and their sums with margins, are finite.</summary>
    public const double Limit = 1e300;

    // A narrower range could not be divided into ticks that are different numbers.
    private const double Narrowest = 1e-280;
    private const double NarrowestOfSize = 1e-9;

    // The range of an axis that nothing is known about.
    private const double DefaultMinimum = 0;
    private const double DefaultMaximum = 100;

    /// <summary>Whether a value can be shown: it is a number, and of no absurd size.</summary>
    public static bool Allows(double value) => Math.Abs(value) <= Limit;

    /// <summary>Whether both coordinates of a point can be shown.</summary>
    public static bool Allows(DataPoint point) => Allows(point.X) && Allows(point.Y);

    /// <summary>As the axis sets it, otherwise that of the data with the padding; never empty, whatever the settings.</summary>
    public static (double Minimum, double Maximum) Of(Axis axis)
    {
        var hasMinimum = Allows(axis.Minimum);
        var hasMaximum = Allows(axis.Maximum);
        var hasData = !double.IsNaN(axis.DataMinimum);
        var lowest = hasData ? axis.DataMinimum : DefaultMinimum;
        var highest = hasData ? axis.DataMaximum : DefaultMaximum;
        var range = hasData ? highest - lowest : 0;

        var minimum = hasMinimum ? axis.Minimum : lowest - (Padding(axis.MinimumPadding) * range);
        var maximum = hasMaximum ? axis.Maximum : highest + (Padding(axis.MaximumPadding) * range);
        if (minimum > maximum)
        {
            (minimum, maximum) = (maximum, minimum);
        }

        var size = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        var least = Math.Max(Math.Max(axis.MinimumRange > 0 ? Math.Min(axis.MinimumRange, Limit) : 0, size * NarrowestOfSize), Narrowest);
        if (minimum == maximum)
        {
            least = Math.Max(least, size > 0 ? size : 1);
        }

        var missing = least - (maximum - minimum);
        if (missing <= 0)
        {
            return (minimum, maximum);
        }

        var below = hasMinimum == hasMaximum ? missing / 2 : hasMinimum ? 0 : missing;
        return (minimum - below, maximum + (missing - below));
    }

    private static double Padding(double fraction) => fraction is >= -0.4 and <= 100 ? fraction : 0;
}
