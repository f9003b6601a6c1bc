using DasSearch.Reporter.Importance;

namespace DasSearch.Reporter.Comparison;

/// <summary>What several runs together say about one module.</summary>
/// <param name="Module">The module's index, from 0.</param>
/// <param name="Importance">Its importance over runs, with what differs from run to run in its error.</param>
/// <param name="AmongLeast">How likely it is among the least important ones, from 0 to 1.</param>
/// <param name="Planned">How many of the runs' plans skip it.</param>
public sealed record ConsensusLayer(int Module, Estimate Importance, double AmongLeast, int Planned)
{
    /// <summary>From this probability on a module is a coin toss.</summary>
    public const double CoinTossFrom = 0.25;

    /// <summary>Up to this probability a module is a coin toss.</summary>
    public const double CoinTossTo = 0.75;

    /// <summary>Whether it may as well be skipped as kept, so far as these runs tell.</summary>
    public bool IsCoinToss => AmongLeast is >= CoinTossFrom and <= CoinTossTo;
}
