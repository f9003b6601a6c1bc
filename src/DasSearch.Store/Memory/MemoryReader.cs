using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Store.Rewards;
using DasSearch.Store.Sqlite;

namespace DasSearch.Store.Memory;

/// <summary>Reads what a <see cref="MemoryStore"/> keeps.</summary>
internal sealed class MemoryReader(MemoryStore store) : IRunReader
{
    /// <inheritdoc/>
    public IEnumerable<RunSummary> Runs() => store.Runs().Select(run => store.Folders.AsItIs(run.Described().Summary));

    /// <inheritdoc/>
    public RunDetails Find(string run)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(run);
        return long.TryParse(run, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Run(number)
            : AsItIs(store.Runs().LastOrDefault(one => one.Details.Summary.Name == run) ?? throw store.NoSuchRun($"named '{run}'"));
    }

    /// <inheritdoc/>
    public RunDetails Run(long run) => AsItIs(store.Find(run));

    /// <inheritdoc/>
    public IEnumerable<Round> RoundsSince(long run, int number) => store.Find(run).Rounds.Select(round => round.Round).Where(round => round.Number >= number);

    /// <inheritdoc/>
    public IEnumerable<RoundSummary> RoundSummariesSince(long run, int number) =>
        store.Find(run).Rounds.Where(round => round.Round.Number >= number).Select(round => Summary(round, round.Round.Evaluations));

    /// <inheritdoc/>
    public IEnumerable<StoredChoice> Choices(long run) => store.Find(run).Rounds
        .Where(round => round.Round.Recommended is not null)
        .Select(round => new StoredChoice(round.Round.Number, round.Round.Recommended!));

    /// <inheritdoc/>
    public IEnumerable<StoredEvaluation> Evaluations(long run) =>
        store.Find(run).Rounds.SelectMany(round => round.Round.Evaluations.Select((evaluation, candidate) => new StoredEvaluation(round.Round.Number, candidate, evaluation)));

    /// <inheritdoc/>
    public IEnumerable<StoredGate> Gates(long run) => store.Find(run).Rounds.SelectMany(Gates);

    /// <inheritdoc/>
    public IReadOnlyList<StoredGate> LastGates(long run) => [.. store.Find(run).Rounds.TakeLast(1).SelectMany(Gates)];

    /// <inheritdoc/>
    public IReadOnlyList<LayerReward> LayerRewards(long run) => LayerRewards(run, Evidence.All);

    /// <inheritdoc/>
    public IEnumerable<SubnetworkReward> Subnetworks(long run) => Subnetworks(run, Evidence.All)
        .OrderByDescending(row => row.MeanReward).ThenBy(row => row.Subnetwork.ToString(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public RewardRows Rewards(long run, RewardQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Evidence.CheckAgainst(run, store.Find(run).Details.Costs.Modules.Count);
        IEnumerable<IReadOnlyList<object?>> rows = query.By switch
        {
            RewardGrouping.Layer => LayerRewards(run, query.Evidence).Select(row => row.ToRow(run)),
            RewardGrouping.Round => store.Find(run).Rounds.Select(round => (Round: round, Evaluations: Counted(round, query.Evidence)))
                .Where(round => round.Evaluations.Count > 0)
                .Select(round => Row(run, Summary(round.Round, round.Evaluations))),
            RewardGrouping.Subnetwork => Subnetworks(run, query.Evidence).Select(row => Row(run, row)),
            _ => Evaluations(run).Where(stored => Counts(stored.Round, stored.Evaluation, query.Evidence)).Select(stored => Row(run, stored)),
        };
        return RewardRows.Of(query, rows);
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics(long run, string? name = null) => store.Find(run).Metrics.Where(metric => name is null || metric.Name == name);

    /// <inheritdoc/>
    public IReadOnlyList<Metric> LastMetrics(long run) => [.. store.Find(run).Metrics.GroupBy(metric => metric.Name).Select(ofName => ofName.Last())];

    /// <inheritdoc/>
    public IReadOnlyList<RunEvent> Events(long run) => RunEvent.Of(Run(run).Summary, store.Find(run).Events);

    /// <inheritdoc/>
    public IReadOnlyList<StoredPlan> Plans(long run) => store.Find(run).Plans;

    /// <inheritdoc/>
    public IReadOnlyList<ExhaustiveScore> ExhaustiveScores(long run, string split) =>
        [.. store.Find(run).Scores.Where(entry => entry.Split == split).Select(entry => entry.Score)];

    /// <inheritdoc/>
    public IReadOnlyList<AdapterEvidence> Adapters(long run) => store.Find(run).Adapters;

    private RunDetails AsItIs(MemoryRun run)
    {
        var details = run.Described();
        return details with { Summary = store.Folders.AsItIs(details.Summary) };
    }

    private static bool Counts(int round, Evaluation evaluation, Evidence evidence) =>
        round >= evidence.FirstRound && round <= evidence.LastRound
        && evidence.Skipping.All(evaluation.Subnetwork.Contains)
        && !evidence.Keeping.Any(evaluation.Subnetwork.Contains);

    private static List<Evaluation> Counted(MemoryRound round, Evidence evidence) =>
        [.. round.Round.Evaluations.Where(evaluation => Counts(round.Round.Number, evaluation, evidence))];

    private static IEnumerable<StoredGate> Gates(MemoryRound round) =>
        round.Round.After.Gates.Select((gate, module) => new StoredGate(round.Round.Number, module, gate, round.Round.After.Probabilities[module]));

    private static RoundSummary Summary(MemoryRound round, IReadOnlyList<Evaluation> evaluations) => new(
        round.Round.Number,
        round.Round.Step,
        round.Round.Epoch,
        evaluations.Count,
        evaluations.Count(evaluation => evaluation.Outcome == EvaluationOutcome.Scored),
        evaluations.Average(evaluation => evaluation.Loss),
        evaluations.Average(evaluation => evaluation.Credit),
        evaluations.Max(evaluation => evaluation.Credit),
        round.Round.Milliseconds,
        round.RecordedAt);

    private static object?[] Row(long run, RoundSummary row) =>
    [
        run, (long)row.Round, row.Step, (long)row.Epoch, row.Evaluations, row.Scored, row.MeanLoss, row.MeanReward, row.BestReward, row.Milliseconds,
        Times.Format(row.RecordedAt),
    ];

    private static object?[] Row(long run, SubnetworkReward row) =>
        [run, row.Subnetwork.ToString(), row.Evaluations, row.MeanReward, row.BestReward, (long)row.FirstRound, (long)row.LastRound];

    private static object?[] Row(long run, StoredEvaluation stored)
    {
        var evaluation = stored.Evaluation;
        return
        [
            run, (long)stored.Round, (long)stored.Candidate, EnumNames.NameOf(evaluation.Outcome), evaluation.Subnetwork.ToString(), evaluation.Loss,
            evaluation.Reward, evaluation.Milliseconds, EnumNames.NameOf(evaluation.Mode), evaluation.Batch, evaluation.Problem,
        ];
    }

    private IReadOnlyList<LayerReward> LayerRewards(long run, Evidence evidence)
    {
        var kept = store.Find(run);
        var statistics = new LayerStatistics(kept.Details.Costs.Modules.Count);
        foreach (var evaluation in kept.Rounds.SelectMany(round => Counted(round, evidence)))
        {
            if (evaluation.Credit is { } credit)
            {
                statistics.Add(evaluation.Subnetwork, credit);
            }
        }

        var last = kept.Rounds.LastOrDefault(round => round.Round.Number >= evidence.FirstRound && round.Round.Number <= evidence.LastRound);
        var gates = last is null ? null : Gates(last).ToList();
        return [.. kept.Details.Costs.Modules.Select(module => statistics.Of(module.Module, gates?[module.Module.Index]))];
    }

    private IEnumerable<SubnetworkReward> Subnetworks(long run, Evidence evidence) => Evaluations(run)
        .Where(stored => stored.Evaluation.Credit is not null && Counts(stored.Round, stored.Evaluation, evidence))
        .GroupBy(stored => stored.Evaluation.Subnetwork)
        .Select(its => new SubnetworkReward(
            its.Key,
            its.Count(),
            its.Average(stored => stored.Evaluation.Credit!.Value),
            its.Max(stored => stored.Evaluation.Credit!.Value),
            its.Min(stored => stored.Round),
            its.Max(stored => stored.Round)));
}
