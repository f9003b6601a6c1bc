using DasSearch.Reporter.Importance;

namespace DasSearch.Reporter.Comparison;

/// <summary>How far two numbers rank the same things alike.</summary>
/// <remarks>The interval is Fisher's: artanh τ has a variance of some 0.437 / (n − 4) (Fieller, Hartley and Pearson, Biometrika 44, 1957).</remarks>
/// <param name="Count">n, how many things.</param>
/// <param name="Tau">Kendall's τ-b: 1 fully, 0 as by chance, −1 reversed.</param>
/// <param name="Lower">Where it lies at least, with a confidence of 95 %; null for fewer than <see cref="Fewest"/>, or where all or none agree.</param>
/// <param name="Upper">Where it lies at most; null likewise.</param>
public sealed record RankAgreement(int Count, double Tau, double? Lower, double? Upper)
{
    /// <summary>The fewest things that have an interval.</summary>
    public const int Fewest = 5;

    private const double Variance = 0.437;
    private const double Normal95 = 1.959964;

    /// <summary>Of two numbers each; null for fewer than three things, or where all are equal on a side.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static RankAgreement? Of(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (one.Count != other.Count)
        {
            throw new ArgumentException($"There are {one.Count} and {other.Count} numbers.", nameof(other));
        }

        if (one.Count < 3 || RankCorrelation.KendallTauB(one, other) is not { } tau)
        {
            return null;
        }

        if (one.Count < Fewest || Math.Abs(tau) >= 1)
        {
            return new RankAgreement(one.Count, tau, null, null);
        }

        var (middle, reach) = (Math.Atanh(tau), Normal95 * Math.Sqrt(Variance / (one.Count - 4)));
        return new RankAgreement(one.Count, tau, Math.Tanh(middle - reach), Math.Tanh(middle + reach));
    }
}
