namespace DasSearch.Store.Rewards;

/// <summary>Which of a run's evaluations count; all of them unless told otherwise.</summary>
/// <remarks>
/// Rewards drift as adapters train, and a module's worth depends on what else is skipped: with less evidence, both can be seen.
/// </remarks>
public sealed record Evidence
{
    /// <summary>All of a run's evaluations.</summary>
    public static Evidence All { get; } = new();

    /// <summary>The first round that counts, from 0.</summary>
    public int FirstRound { get; init; }

    /// <summary>The last round that counts; there need not be such a round.</summary>
    public int LastRound { get; init; } = int.MaxValue;

    /// <summary>Modules that an evaluation must have skipped to count.</summary>
    public IReadOnlyList<int> Skipping { get; init; } = [];

    /// <summary>Modules that an evaluation must have kept to count.</summary>
    public IReadOnlyList<int> Keeping { get; init; } = [];

    /// <summary>Holds it against a run.</summary>
    /// <exception cref="RewardQueryException">The run has no such module.</exception>
    internal void CheckAgainst(long run, int modules)
    {
        foreach (var module in Skipping.Concat(Keeping))
        {
            if (module < 0 || module >= modules)
            {
                throw new RewardQueryException($"run {run} has modules 0 to {modules - 1}, but no module {module}");
            }
        }
    }
}
