using System.Globalization;

namespace OxyPlot.Axes;

/// <summary>Labels of numbers, all of one axis with the same decimals.</summary>
internal static class NumberLabels
{
    private const int MostDecimals = 12;

    // Beyond these, numbers are written as multiples of a power of ten.
    private const double TooLarge = 1e6;
    private const double TooSmall = 1e-3;

    /// <summary>Writes a number of an axis.</summary>
    /// <param name="value">The number.</param>
    /// <param name="step">The step of the axis: what the last decimal is to tell apart.</param>
    /// <param name="largest">The largest size of a number on the axis.</param>
    /// <param name="culture">How decimals are separated.</param>
    public static string Format(double value, double step, double largest, CultureInfo culture)
    {
        if (largest is < TooLarge and >= TooSmall)
        {
            return Fixed(value, Decimals(step), culture);
        }

        var exponent = (int)Math.Floor(Math.Log10(largest));
        var mantissa = Fixed(Scaled(value, -exponent), Decimals(Scaled(step, -exponent)), culture);
        return value == 0 ? "0" : $"{mantissa}×10{Superscript(exponent)}";
    }

    /// <summary>How many decimals write a number in full.</summary>
    private static int Decimals(double step)
    {
        var decimals = 0;
        while (decimals < MostDecimals && Math.Abs(Math.Round(step, decimals) - step) > step * 1e-3)
        {
            decimals++;
        }

        return decimals;
    }

    private static string Fixed(double value, int decimals, CultureInfo culture)
    {
        var rounded = Math.Round(value, decimals);
        return (rounded == 0 ? 0 : rounded).ToString($"F{decimals}", culture);
    }

    /// <summary>The number times a power of ten, by division where that is exact.</summary>
    private static double Scaled(double value, int power) => power < 0 ? value / Math.Pow(10, -power) : value * Math.Pow(10, power);

    private static string Superscript(int exponent)
    {
        var digits = exponent.ToString(CultureInfo.InvariantCulture);
        return string.Concat(digits.Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));
    }
}
