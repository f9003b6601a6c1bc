namespace DasSearch.Core;

/// <summary>Where a search hands over what it yields, as it goes.</summary>
/// <remarks>
/// Each call is kept whole or not at all, and has been kept when it returns. Handing over again what was handed over
/// before, as a resumed search may, replaces it. Not thread-safe.
/// </remarks>
public interface IRunRecorder
{
    /// <summary>Keeps a finished round.</summary>
    /// <exception cref="ArgumentException">It is not the next round nor an earlier one, or is of another backbone.</exception>
    /// <exception cref="DasSearchException">It could not be kept; what was kept before still is.</exception>
    void Record(Round round);

    /// <summary>Keeps some numbers.</summary>
    /// <exception cref="DasSearchException">They could not be kept; what was kept before still is.</exception>
    void Record(IReadOnlyList<Metric> metrics);

    /// <summary>Notes that the search was saved: what the controller kept beside gates is let go of, but that of rounds which a resumed search goes on from.</summary>
    /// <param name="rounds">How many rounds came before.</param>
    /// <exception cref="DasSearchException">That could not be done; what was kept before still is.</exception>
    void Saved(int rounds);
}
