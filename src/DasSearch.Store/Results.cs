using Dapper;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Store;

/// <summary>A run in one line.</summary>
/// <param name="Name">Its name, which others may have, too.</param>
/// <param name="Skip">How many modules a subnetwork skips.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
/// <param name="UpdatedAt">When something of it was last stored.</param>
/// <param name="FinishedAt">When it ended; null while it has not.</param>
/// <param name="WorkedMilliseconds">How long it was at work, all its processes together, without pauses; null where das before schema 6 began it.</param>
/// <param name="PlannedRounds">How many rounds it comes to where no rule ends it earlier; null where das before schema 8 began it.</param>
/// <param name="BestReward">The best reward of its evaluations; null where none was scored.</param>
/// <param name="Notes">What somebody says of it, as Markdown; nothing where nobody does.</param>
/// <param name="Tags">Its tags in alphabetical order, with spaces between them.</param>
[method: ExplicitConstructor]
public sealed record RunSummary(
    long Run,
    string Name,
    string Task,
    string Backbone,
    string Controller,
    int Skip,
    long Seed,
    RunStatus Status,
    string? Problem,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt,
    int Rounds,
    long Evaluations,
    double? WorkedMilliseconds,
    int? PlannedRounds,
    double? BestReward,
    string Notes,
    string Tags)
{
    /// <summary>What <c>--db</c> names to have a command find it; null where nothing does.</summary>
    public string? Database { get; init; }

    /// <summary>What to say of the run where it has no rounds; before it stands which run it is.</summary>
    public string NoRounds => Status switch
    {
        RunStatus.Done => "has no rounds: its settings left none to it, and so nothing is known of its modules",
        RunStatus.Running => "has no rounds yet: its search warms up",
        _ => $"has no rounds yet: {ShellLine.Das(Database, "resume", Run)} goes on with it",
    };

    /// <summary>Its tags, each on its own.</summary>
    public IReadOnlyList<string> TagList => Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The share of its planned rounds that it has; null where it does not go on, or how many are planned is not known.</summary>
    public double? ShareDone => Status != RunStatus.Done && PlannedRounds is > 0 and { } planned ? Math.Min(1, (double)Rounds / planned) : null;

    /// <summary>The time at work in seconds.</summary>
    public double? Seconds => WorkedMilliseconds is { } time ? Math.Round(time / 1000, 3) : null;

    /// <summary>The same for a person, such as <c>4:09</c>; <c>≤4:09</c> where no more is known than when it began and ended.</summary>
    public string Took => WorkedMilliseconds is { } time
        ? Durations.Text(TimeSpan.FromMilliseconds(time))
        : $"≤{Durations.Text((FinishedAt ?? UpdatedAt) - StartedAt)}";
}

/// <summary>All that is known of a run beside what it yielded.</summary>
/// <param name="ConfigText">The resolved configuration, in canonical form.</param>
/// <param name="ConfigSha256">SHA-256 of that text.</param>
/// <param name="ConfigPath">The file that it was read from; null for none.</param>
/// <param name="Checkpoint">The checkpoint as configured; null for fresh weights.</param>
/// <param name="CheckpointSha256">The checkpoint's SHA-256; null likewise.</param>
/// <param name="Costs">The backbone's modules, and what they and their adapters cost.</param>
public sealed record RunDetails(
    RunSummary Summary,
    string ConfigText,
    string ConfigSha256,
    string? ConfigPath,
    string? Checkpoint,
    string? CheckpointSha256,
    RunEnvironment Environment,
    NetworkCosts Costs)
{
    /// <summary>How long its networks take; null where that was not measured, as before its search is over.</summary>
    public NetworkLatency? Latency { get; init; }

    /// <summary>What its controller would choose after its last round; null before the first, and where das before schema 5 recorded it.</summary>
    public Subnetwork? Recommended { get; init; }
}

/// <summary>A round in one line, as in the view <c>v_rounds</c>.</summary>
/// <param name="Step">Training batches seen before it.</param>
/// <param name="Evaluations">How many candidates it had.</param>
/// <param name="Scored">How many of them were scored.</param>
/// <param name="MeanLoss">Mean loss of those scored; null without any.</param>
/// <param name="MeanReward">Mean reward, the controller's baseline: 0 for one that diverged or failed; null where all were cancelled.</param>
/// <param name="BestReward">The best of them; null likewise.</param>
/// <param name="Milliseconds">Wall-clock time of the round.</param>
[method: ExplicitConstructor]
public sealed record RoundSummary(
    int Round,
    long Step,
    int Epoch,
    long Evaluations,
    long Scored,
    double? MeanLoss,
    double? MeanReward,
    double? BestReward,
    double Milliseconds,
    DateTimeOffset RecordedAt);

/// <summary>What a run found out about one module, as in the view <c>v_layer_rewards</c>.</summary>
/// <remarks>Diverged and failed evaluations count as reward 0, cancelled ones for nothing.</remarks>
/// <param name="Skipped">How many evaluations skipped it.</param>
/// <param name="MeanRewardSkipped">Mean reward of those that skipped it; null without any.</param>
/// <param name="MeanRewardKept">Mean reward of those that kept it; null without any.</param>
/// <param name="Difference">The first less the second: positive where rewards are better without the module.</param>
/// <param name="StandardError">Standard error of the difference, for unequal variances (Welch); null with fewer than two of either.</param>
/// <param name="Gate">Its gate after the last round; null before the first. High means redundant.</param>
/// <param name="Probability">How likely it would be drawn next; null likewise.</param>
public sealed record LayerReward(
    int Module,
    string Name,
    ModuleKind Kind,
    string Stream,
    long Skipped,
    long Kept,
    double? MeanRewardSkipped,
    double? MeanRewardKept,
    double? Difference,
    double? StandardError,
    double? Gate,
    double? Probability)
{
    /// <summary>The view's row, column by column.</summary>
    internal IReadOnlyList<object?> ToRow(long run) =>
    [
        run, (long)Module, Name, EnumNames.NameOf(Kind), Stream, Skipped, Kept, MeanRewardSkipped, MeanRewardKept, Difference, StandardError, Gate, Probability,
    ];
}

/// <summary>How one subnetwork fared in a run, as in the view <c>v_subnetworks</c>.</summary>
/// <param name="Evaluations">How often it was evaluated, cancelled evaluations apart.</param>
/// <param name="MeanReward">Its mean reward; 0 for an evaluation that diverged or failed.</param>
/// <param name="BestReward">Its best reward.</param>
public sealed record SubnetworkReward(
    Subnetwork Subnetwork, long Evaluations, double MeanReward, double BestReward, int FirstRound, int LastRound);

/// <summary>An evaluation and its place in the run.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Candidate">Its place in the round, from 0.</param>
public sealed record StoredEvaluation(int Round, int Candidate, Evaluation Evaluation);

/// <summary>Evaluations as rounds have them.</summary>
public static class EvaluationRounds
{
    /// <summary>Walks evaluations that come in the order of their rounds, a round at a time.</summary>
    public static IEnumerable<IReadOnlyList<Evaluation>> InRounds(this IEnumerable<StoredEvaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        var (round, number) = (new List<Evaluation>(), 0);
        foreach (var stored in evaluations)
        {
            if (stored.Round != number && round.Count > 0)
            {
                yield return round;
                round = new List<Evaluation>(round.Count);
            }

            number = stored.Round;
            round.Add(stored.Evaluation);
        }

        if (round.Count > 0)
        {
            yield return round;
        }
    }
}

/// <summary>A module's gate once the controller had learnt from a round.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Probability">How likely it is drawn next, from 0 to 1.</param>
[method: ExplicitConstructor]
public sealed record StoredGate(int Round, int Module, double Gate, double Probability);

/// <summary>What the controller would have chosen after a round.</summary>
/// <param name="Round">The round, from 0.</param>
public sealed record StoredChoice(int Round, Subnetwork Recommended);

/// <summary>Something that became of a run.</summary>
/// <param name="Rounds">How many rounds it had then.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
public sealed record RunEvent(RunEventKind Kind, int Rounds, string? Problem, DateTimeOffset At)
{
    /// <summary>The same for a person, such as <c>resumed after 12 rounds</c>.</summary>
    public string Text => Kind == RunEventKind.Begun ? EnumNames.NameOf(Kind)
        : $"{EnumNames.NameOf(Kind)} after {Numbers.Count(Rounds)} {(Rounds == 1 ? "round" : "rounds")}{(Problem is null ? "" : $": {Problem}")}";

    /// <summary>That a run's process is gone, as far as what it left tells.</summary>
    internal static RunEvent Stopped(RunSummary left) => new(RunEventKind.Stopped, left.Rounds, null, left.UpdatedAt);

    /// <summary>What is stored of a run; one that was found to have stopped has had no occasion to say so.</summary>
    internal static IReadOnlyList<RunEvent> Of(RunSummary run, IEnumerable<RunEvent> stored) => run.Status == RunStatus.Stopped ? [.. stored, Stopped(run)] : [.. stored];
}

/// <summary>A plan that came of a run, and when it was stored.</summary>
public sealed record StoredPlan(SkipPlan Plan, DateTimeOffset RecordedAt);
