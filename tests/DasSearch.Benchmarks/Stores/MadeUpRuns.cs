using System.Diagnostics;
using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Benchmarks.Stores;

/// <summary>Writes runs through the store's own API, as searches do: the paper's controller on made-up losses.</summary>
/// <remarks>Rounds are of the size of the paper's: three candidates that skip four of twelve modules.</remarks>
internal static class MadeUpRuns
{
    internal const int Candidates = 3;

    private const int Modules = 12;
    private const int Skipped = 4;

    private const int MostRounds = 1_000_000;

    // So many rounds are made up before they are recorded, so that making them up is not measured.
    private const int Batch = 500;

    /// <summary>Writes runs of equal size into a new database.</summary>
    /// <param name="path">The file.</param>
    /// <param name="runs">How many runs.</param>
    /// <param name="evaluations">How many evaluations all of them have together, at the least.</param>
    /// <returns>What recording the rounds took.</returns>
    internal static Insertion Write(string path, int runs, int evaluations)
    {
        var rounds = (evaluations + (runs * Candidates) - 1) / (runs * Candidates);
        var (wall, processor) = (TimeSpan.Zero, TimeSpan.Zero);
        using var store = RunStore.Create(path, TimeProvider.System);
        for (var seed = 0; seed < runs; seed++)
        {
            using var recorder = store.Begin(Describe(seed));
            foreach (var batch in MakeUp(seed, rounds).Chunk(Batch))
            {
                var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
                foreach (var round in batch)
                {
                    recorder.Record(round);
                }

                wall += clock.Elapsed;
                processor += Environment.CpuUsage.TotalTime - before;
                recorder.Record([.. batch.Select(round => new Metric("train.loss", round.Step, round.Evaluations[0].Loss))]);
            }

            recorder.Finish(RunStatus.Done);
        }

        return new Insertion(rounds * runs * Candidates, wall, processor);
    }

    /// <summary>Adds a run that goes on, as a search does, a round each time, until it is told to end.</summary>
    internal static async Task GoOnAsync(string path, TimeSpan between, CancellationToken cancellationToken)
    {
        using var store = RunStore.Create(path, TimeProvider.System);
        using var recorder = store.Begin(Describe(0));
        using var held = store.Lock(recorder.Run);
        try
        {
            foreach (var round in MakeUp(0, MostRounds))
            {
                recorder.Record(round);
                recorder.Record([new Metric("train.loss", round.Step, round.Evaluations[0].Loss)]);
                await Task.Delay(between, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            recorder.Finish(RunStatus.Interrupted);
        }
    }

    private static IEnumerable<Round> MakeUp(long seed, int rounds)
    {
        var controller = ControllerTable.Create("das", new(Modules, Skipped));
        var harm = SeededRandom.Derive(seed, "harm");
        var harms = Enumerable.Range(0, Modules).Select(_ => harm.NextDouble() / 10).ToArray();
        for (var number = 0; number < rounds; number++)
        {
            var noise = SeededRandom.Derive(seed, "noise", number);
            var evaluations = controller
                .Propose(Candidates, SeededRandom.Derive(seed, "controller", number))
                .Select(proposal => Evaluation.OfLoss(
                    proposal, 2 + proposal.Skipped.Sum(module => harms[module]) + noise.NextDouble(), 20 + noise.NextDouble(), ValidationMode.Eval, $"val:{number}"))
                .ToList();
            controller.Observe(evaluations);
            yield return new Round(number, 10L * number, 1 + (number * 3 / rounds), evaluations, controller.Snapshot(), 65, controller.Recommend());
        }
    }

    private static RunDescription Describe(int seed) => new(
        ConfigFile.Parse<RunConfig>(
            FormattableString.Invariant($"{{name: made-up-{seed}, task: fashionvl-vqa, backbone: vilt, skip: {Skipped}, seed: {seed}}}"), "settings", path: null, overrides: []),
        new RunEnvironment("0", "cpu", "none", "none", 1, "made up"),
        new NetworkCosts(
            [.. Enumerable.Range(0, Modules).Select(module => new ModuleCosts(
                new ModuleInfo(module, $"transformer.blocks.{module}", ModuleKind.Whole, "fused", 100, 100), 10, 10, 5, 5))],
            1000,
            100,
            1000),
        CheckpointSha256: null);
}

/// <summary>What recording rounds took.</summary>
/// <param name="Evaluations">How many evaluations they had.</param>
/// <param name="Wall">Wall-clock time.</param>
/// <param name="Processor">Time of the processors, in this program and in the kernel for it.</param>
internal sealed record Insertion(int Evaluations, TimeSpan Wall, TimeSpan Processor);
