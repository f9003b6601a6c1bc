namespace DasSearch.Controller;

/// <summary>
/// Functions that give the same bits on every machine, which those of the platform's C library do not promise: gates
/// can be replayed from a database that was written elsewhere.
/// </summary>
internal static class PortableMath
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 in two parts: the first has 21 trailing zero bits, so that its product with a small integer is exact.
    private const double Ln2High = 0.6931471803691238;
    private const double Ln2Low = 1.9082149292705877e-10;

    // Terms of the Taylor series that matter for |r| ≤ ln 2 / 2: the next one is below 2⁻⁵⁶.
    private const int Terms = 13;

    /// <summary>The logistic function 1 / (1 + exp(−x)); from 0 to 1, with a relative error of a few 2⁻⁵³.</summary>
    internal static double Sigmoid(double x)
    {
        if (x >= 0)
        {
            return 1 / (1 + Exp(-x));
        }

        var small = Exp(x);
        return small / (1 + small);
    }

    /// <summary>eˣ, out of additions, multiplications and an exact scaling alone.</summary>
    internal static double Exp(double x)
    {
        if (!(Math.Abs(x) < 709))
        {
            return double.IsNaN(x) ? x : x > 0 ? double.PositiveInfinity : 0;
        }

        var power = Math.Round(x * Log2E);
        var rest = x - (power * Ln2High) - (power * Ln2Low);
        var sum = 1.0;
        for (var term = Terms; term >= 1; term--)
        {
            sum = 1 + (sum * (rest / term));
        }

        return Math.ScaleB(sum, (int)power);
    }
}
