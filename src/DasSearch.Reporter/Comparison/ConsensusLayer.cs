using DasSearch.Reporter.Importance;

namespace DasSearch.Reporter.Comparison;

/// <summary>What several runs together say about one module.</summary>
/// <param name="Module">The module's index, from 0.</param>
/// <param name="Importance">Its importance over runs, with what differs from run to run in its error.</param>
/// <param name="AmongLeast">How likely it is among the least important ones, from 0 to 1.</param>
/// <param name="Planned">How many of the runs' plans skip it.</param>
public sealed record ConsensusLayer(int Module, Estimate Importance, double AmongLeast, int Planned)
{
    /// <summary>Whether it may as well be skipped as kept, so far as these runs tell.</summary>
    public bool IsCoinToss => CoinToss.Is(AmongLeast);
}
