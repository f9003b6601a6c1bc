namespace DasSearch.Reporter.Reports.Series;

/// <summary>Which rounds of a long run a figure shows: evenly spread, the first and the last among them.</summary>
/// <param name="rounds">How many rounds there are.</param>
/// <param name="most">How many are shown at most.</param>
internal sealed class Thinning(int rounds, int most)
{
    private readonly long _shown = Math.Min(rounds, most);

    /// <summary>Whether a round is shown.</summary>
    /// <param name="round">Its number, from 0.</param>
    internal bool Shows(int round) => _shown < 2 ? round == rounds - 1 : Next(round) == round;

    // The first shown round that is not before this one.
    private long Next(int round)
    {
        var place = ((round * (_shown - 1)) + rounds - 2) / (rounds - 1);
        return place * (rounds - 1) / (_shown - 1);
    }
}
