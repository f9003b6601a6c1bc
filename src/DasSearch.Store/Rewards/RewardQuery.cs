namespace DasSearch.Store.Rewards;

/// <summary>Which rewards are wanted, and in which order.</summary>
/// <param name="By">What a row stands for.</param>
public sealed record RewardQuery(RewardGrouping By)
{
    /// <summary>The evaluations that rows are made of.</summary>
    public Evidence Evidence { get; init; } = Evidence.All;

    /// <summary>The columns to give, by name; empty for all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>What rows must fulfil, all of it, to be given.</summary>
    public IReadOnlyList<RewardCondition> Where { get; init; } = [];

    /// <summary>
    /// The column to sort by; null for modules, rounds and evaluations in their order, and for subnetworks by their mean
    /// reward, the best first. Ties are broken by that same order, and what is not there comes last.
    /// </summary>
    public string? SortBy { get; init; }

    /// <summary>Whether <see cref="SortBy"/> has the largest first.</summary>
    public bool Descending { get; init; }

    /// <summary>How many rows to give at the most; null for all.</summary>
    public int? Count { get; init; }

    /// <summary>Whether these are the last ones instead of the first.</summary>
    public bool FromEnd { get; init; }
}
