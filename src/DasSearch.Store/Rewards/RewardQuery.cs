using DasSearch.Core;

namespace DasSearch.Store.Rewards;

/// <summary>What a row of rewards stands for.</summary>
public enum RewardGrouping
{
    /// <summary>A module: what skipping it does, as <c>v_layer_rewards</c> has it.</summary>
    Layer,

    /// <summary>A round, as <c>v_rounds</c> has it.</summary>
    Round,

    /// <summary>A set of skipped modules, as <c>v_subnetworks</c> has it.</summary>
    Subnetwork,

    /// <summary>One evaluation, as the table <c>evaluation</c> has it: everything else is made of these.</summary>
    Evaluation,
}

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

    /// <summary>The columns to give.</summary>
    /// <exception cref="RewardQueryException">One is not there, or is asked for twice.</exception>
    internal IReadOnlyList<RewardColumn> Selected()
    {
        if (Columns.Count == 0)
        {
            return RewardColumns.Of(By);
        }

        var columns = Columns.Select(name => RewardColumns.Named(By, name)).ToList();
        return columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new RewardQueryException($"the column {twice.Key} is asked for twice")
            : columns;
    }

    /// <summary>What rows are sorted by, one after the other: no two rows are alike in all of it.</summary>
    /// <exception cref="RewardQueryException">There is no such column.</exception>
    internal IReadOnlyList<RewardKey> Order()
    {
        List<RewardKey> order = By switch
        {
            RewardGrouping.Layer => [new("module")],
            RewardGrouping.Round => [new("round")],
            RewardGrouping.Subnetwork => [new("mean_reward", Descending: true), new("subnetwork")],
            _ => [new("round"), new("candidate")],
        };
        if (SortBy is null)
        {
            return order;
        }

        var column = RewardColumns.Named(By, SortBy).Name;
        var isInEveryRow = order.RemoveAll(key => key.Column == column) > 0;
        return [new RewardKey(column, Descending, MayBeMissing: !isInEveryRow), .. order];
    }
}

/// <summary>A column that rows are sorted by; where it is missing comes last, in either direction.</summary>
internal sealed record RewardKey(string Column, bool Descending = false, bool MayBeMissing = false);

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

/// <summary>Rewards were asked for that there cannot be, such as those of a column that is not there.</summary>
/// <param name="message">The sentence that the user reads.</param>
public sealed class RewardQueryException(string message) : UsageException(message);
