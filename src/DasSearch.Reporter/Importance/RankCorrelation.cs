using MathNet.Numerics.Statistics;

namespace DasSearch.Reporter.Importance;

/// <summary>How much two rankings agree: 1 fully, 0 as by chance, −1 reversed.</summary>
internal static class RankCorrelation
{
    /// <summary>Spearman's ρ, equal values sharing their mean rank; null for fewer than two values, or all equal on a side.</summary>
    internal static double? Spearman(IReadOnlyList<double> left, IReadOnlyList<double> right) =>
        IsRanking(left) && IsRanking(right) ? Math.Clamp(Correlation.Spearman(left, right), -1, 1) : null;

    /// <summary>Kendall's τ-b (Biometrika 33, 1945), which allows for equal values; null likewise.</summary>
    internal static double? KendallTauB(IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        if (!IsRanking(left) || !IsRanking(right))
        {
            return null;
        }

        var (agreement, apartLeft, apartRight) = (0L, 0L, 0L);
        for (var i = 0; i < left.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (byLeft, byRight) = (left[i].CompareTo(left[j]), right[i].CompareTo(right[j]));
                agreement += byLeft * byRight;
                apartLeft += byLeft * byLeft;
                apartRight += byRight * byRight;
            }
        }

        return agreement / Math.Sqrt((double)apartLeft * apartRight);
    }

    private static bool IsRanking(IReadOnlyList<double> values) => values.Any(value => value != values[0]);
}

/// <summary>How well two halves of a run agree on which modules matter.</summary>
/// <param name="Correlation">Spearman's rank correlation of importance by odd and by even rounds, from −1 to 1.</param>
public sealed record SplitHalf(double Correlation)
{
    /// <summary>
    /// What the ranking of the whole run would correlate with that of another run as long, from 0 to 1: the formula of
    /// Spearman and Brown (British J. of Psychology 3, 1910) for twice the rounds, and 0 where the halves do not agree.
    /// </summary>
    public double Reliability => Correlation > 0 ? 2 * Correlation / (1 + Correlation) : 0;
}
