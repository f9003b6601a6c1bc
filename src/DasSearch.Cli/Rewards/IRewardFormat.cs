using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Rewards;

/// <summary>Writes rewards as text, row by row as they are read.</summary>
internal interface IRewardFormat
{
    /// <summary>Writes all of them.</summary>
    void Write(RewardRows rewards, TextWriter output, CancellationToken cancellation);
}
