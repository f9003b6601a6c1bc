namespace DasSearch.Reporter.Importance;

/// <summary>How well two halves of a run agree on which modules matter.</summary>
/// <param name="Correlation">Spearman's rank correlation of importance by odd and by even rounds, from −1 to 1.</param>
public sealed record SplitHalf(double Correlation)
{
    /// <summary>
    /// What the ranking of the whole run would correlate with that of another run as long, from 0 to 1: the formula of Spearman and Brown
    /// (British J. of Psychology 3, 1910) for twice the rounds, and 0 where the halves do not agree at all.
    /// </summary>
    public double Reliability => Correlation > 0 ? 2 * Correlation / (1 + Correlation) : 0;
}
