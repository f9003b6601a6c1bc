using DasSearch.Core;

namespace DasSearch.Store.Rewards;

/// <summary>The columns of each grouping, in the order of its view.</summary>
public static class RewardColumns
{
    private static readonly IReadOnlyList<RewardColumn> _layer =
    [
        Whole("run_id", isMain: false), Whole("module"), Text("name"), Text("kind", isMain: false), Text("stream", isMain: false),
        Whole("n_skipped"), Whole("n_kept"), Number("mean_reward_skipped"), Number("mean_reward_kept"), Number("difference"),
        Number("standard_error"), Number("gate"), Number("probability"),
    ];

    private static readonly IReadOnlyList<RewardColumn> _round =
    [
        Whole("run_id", isMain: false), Whole("round"), Whole("step"), Whole("epoch"), Whole("evaluations"), Whole("scored"),
        Number("mean_loss"), Number("mean_reward"), Number("best_reward"), Number("milliseconds"), Text("recorded_at", isMain: false),
    ];

    private static readonly IReadOnlyList<RewardColumn> _subnetwork =
    [
        Whole("run_id", isMain: false), Text("subnetwork"), Whole("n"), Number("mean_reward"), Number("best_reward"),
        Whole("first_round"), Whole("last_round"),
    ];

    private static readonly IReadOnlyList<RewardColumn> _evaluation =
    [
        Whole("run_id", isMain: false), Whole("round"), Whole("candidate"), Text("outcome"), Text("subnetwork"), Number("loss"),
        Number("reward"), Number("milliseconds"), Text("mode", isMain: false), Text("batch", isMain: false), Text("problem", isMain: false),
    ];

    /// <summary>The columns of a grouping.</summary>
    public static IReadOnlyList<RewardColumn> Of(RewardGrouping by) => by switch
    {
        RewardGrouping.Layer => _layer,
        RewardGrouping.Round => _round,
        RewardGrouping.Subnetwork => _subnetwork,
        RewardGrouping.Evaluation => _evaluation,
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "no such grouping"),
    };

    /// <summary>The column of a name.</summary>
    /// <exception cref="RewardQueryException">There is none; the message lists those there are.</exception>
    public static RewardColumn Named(RewardGrouping by, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var columns = Of(by);
        if (columns.FirstOrDefault(column => column.Name == name) is { } found)
        {
            return found;
        }

        var names = columns.Select(column => column.Name).ToList();
        var hint = NearestName.Of(name, names) is { } near ? $": did you mean {near}?" : "";
        throw new RewardQueryException(
            $"rewards by {EnumNames.NameOf(by)} have no column '{name}'{hint}{(hint == "" ? ":" : " They have")} {string.Join(", ", names)}");
    }

    private static RewardColumn Whole(string name, bool isMain = true) => new(name, RewardType.Whole, isMain);

    private static RewardColumn Number(string name, bool isMain = true) => new(name, RewardType.Number, isMain);

    private static RewardColumn Text(string name, bool isMain = true) => new(name, RewardType.Text, isMain);
}

/// <summary>A column of rewards, named as the database's views and tables name it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are.</param>
/// <param name="IsMain">Whether a person wants to see it who did not say what to show.</param>
public sealed record RewardColumn(string Name, RewardType Type, bool IsMain);

/// <summary>What the values of a column are, those apart that are not there.</summary>
public enum RewardType
{
    /// <summary>Whole numbers: <see cref="long"/>.</summary>
    Whole,

    /// <summary>Numbers: <see cref="double"/>.</summary>
    Number,

    /// <summary>Texts: <see cref="string"/>.</summary>
    Text,
}
