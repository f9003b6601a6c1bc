using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Reporter.Replays;
using DasSearch.Store;

namespace DasSearch.App;

/// <summary>Which searches are replayed on a run's exhaustive scores.</summary>
/// <param name="Run">The run's number or name.</param>
/// <param name="Controllers">The controllers' names.</param>
/// <param name="Seeds">How many searches of each; 2 or more.</param>
public sealed record ReplayRequest(string Run, IReadOnlyList<string> Controllers, int Seeds)
{
    /// <summary>How many modules are skipped; null for as many as the search did.</summary>
    public int? Skip { get; init; }

    /// <summary>How many rounds; null for as many as the run had.</summary>
    public int? Rounds { get; init; }

    /// <summary>The validation batch of a round; null for the run's.</summary>
    public BatchPolicy? Batch { get; init; }

    /// <summary>A stop rule to be tried; null for none.</summary>
    public StopConfig? Stop { get; init; }
}

/// <summary>Controllers that were replayed, beside each other.</summary>
/// <param name="Table">What all subnetworks are worth.</param>
/// <param name="Curves">The controllers, as they were asked for.</param>
public sealed record ReplayComparison(ExhaustiveTable Table, IReadOnlyList<ReplayCurve> Curves)
{
    private const double TopShare = 0.02;

    /// <summary>The last rank that is among the best two per cent, and at least the best one.</summary>
    public int Top => Math.Max((int)(TopShare * Table.Ranked.Count), 1);
}

/// <summary>Compares controllers on a run's exhaustive scores: thousands of searches, without a network.</summary>
public static class ReplaySession
{
    /// <summary>Replays them all.</summary>
    /// <exception cref="DasSearchException">There is no such run, it has no such scores, or there is no such controller.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static ReplayComparison Run(IRunReader read, ReplayRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(request);
        var details = read.Find(request.Run);
        var config = StoredConfig.Of(details).Values;
        var table = Table(read, details, request.Skip ?? details.Summary.Skip, config);
        var candidates = config.Controller.Candidates;
        var replay = new Replay(table, candidates, request.Batch ?? config.Validation.Batch, config.Controller.LearningRate, request.Stop);
        var rounds = request.Rounds ?? details.Summary.Rounds;
        if (rounds < 1)
        {
            throw new UsageException(request.Rounds is null
                ? $"run {details.Summary.Run} has no rounds: say with --rounds how many are to be replayed"
                : $"--rounds must be at least 1, not {rounds}");
        }

        CheckStop(request.Stop, new ControllerSettings(table.Modules, table.Skip), candidates, rounds);

        foreach (var controller in request.Controllers)
        {
            // Whatever is wrong with it is said here, once, and not by each of many threads.
            _ = replay.Run(controller, rounds: 1, seed: 0);
        }

        return new ReplayComparison(table, [.. request.Controllers.Select(controller => ReplayCurve.Of(
            controller, table, candidates, Searches(request.Seeds, seed => replay.Run(controller, rounds, seed), cancellation), request.Stop?.Tolerance))]);
    }

    /// <summary>What all subnetworks of one size are worth; null where that was not measured.</summary>
    internal static ExhaustiveTable? Truth(IRunReader read, RunDetails details, int skip, RunConfig config)
    {
        List<ExhaustiveScore> scores =
            [.. read.ExhaustiveScores(details.Summary.Run, EnumNames.NameOf(Split.Validation)).Where(score => score.Subnetwork.Count == skip)];
        return scores.Count == 0 ? null : new ExhaustiveTable(scores, config.Validation.BatchSize ?? config.Search.BatchSize);
    }

    private static ExhaustiveTable Table(IRunReader read, RunDetails details, int skip, RunConfig config)
    {
        var run = details.Summary;
        var table = Truth(read, details, skip, config)
            ?? throw new DasSearchException($"the truth of run {run.Run} with {skip} modules skipped is not known: {ShellLine.Das(run.Database, "truth", run.Run, "--skip", skip)} measures it");
        return table.Ranked.Count >= config.Controller.Candidates
            ? table
            : throw new UsageException(
                $"--skip {skip} leaves {table.Ranked.Count} subnetworks, fewer than the {config.Controller.Candidates} candidates of a round of run {run.Run}: there is nothing to choose from");
    }

    private static void CheckStop(StopConfig? stop, ControllerSettings settings, int candidates, int rounds)
    {
        if (stop is { Error: { } error, Tolerance: { } tolerance }
            && !(new StopRule(settings, error, tolerance).FewestRounds(candidates) is { } fewest && fewest <= rounds))
        {
            var takes = new StopRule(settings, error, tolerance).FewestRounds(candidates) is { } least ? $"{least} rounds: name as many with --rounds" : "more than any rounds tell";
            throw new UsageException($"--stop can end no search of {rounds} rounds of {candidates} candidates: to be sure of anything takes {takes}");
        }
    }

    // In the seeds' order, however many there are at a time.
    private static IReadOnlyList<ReplayedSearch> Searches(int seeds, Func<long, ReplayedSearch> replay, CancellationToken cancellation) =>
        [.. Enumerable.Range(0, seeds).AsParallel().AsOrdered().WithCancellation(cancellation).Select(seed => replay(seed))];
}
