using DasSearch.Core;

namespace DasSearch.Store.Rewards;

/// <summary>Rewards were asked for that there cannot be, such as those of a column that is not there.</summary>
/// <param name="message">The sentence that the user reads.</param>
public sealed class RewardQueryException(string message) : UsageException(message);
