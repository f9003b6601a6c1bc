using System.Diagnostics;
using DasSearch.Controller;
using DasSearch.Core;

namespace DasSearch.Store.Tests;

/// <summary>Whole searches with made-up losses, recorded and replayed.</summary>
public sealed class SearchTests : IDisposable
{
    private const int Modules = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Replay_StoredRounds_ReproduceTheStoredGatesBitForBit()
    {
        using (var store = RunStore.Create(_folder.Database, TimeProvider.System))
        {
            Search(store, rounds: 200, seed: 3);
        }

        using var again = RunStore.Open(_folder.Database, TimeProvider.System);
        var fresh = ControllerTable.Create("das", new(Modules, 4));
        var replayed = 0;
        foreach (var round in again.Read.Rounds(1))
        {
            Assert.Equal(
                fresh.Propose(3, SeededRandom.Derive(3, "controller", round.Number)), round.Evaluations.Select(evaluation => evaluation.Subnetwork));
            fresh.Observe(round.Evaluations);
            Assert.Equal(fresh.Snapshot(), round.After);
            replayed++;
        }

        Assert.Equal(200, replayed);
    }

    [Fact]
    public async Task Create_ByManyAtOnce_IsOneDatabaseOfDasForAll()
    {
        const int Creators = 4;
        for (var database = 0; database < 40; database++)
        {
            var path = _folder.PathOf($"new-{database}.db");
            using var start = new Barrier(Creators);
            await Task.WhenAll(Enumerable.Range(0, Creators).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    RunStore.Create(path, TimeProvider.System).Dispose();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning, // a thread of its own, since all wait for each other
                TaskScheduler.Default)));
        }
    }

    [Fact]
    public async Task TwoWriters_AtOnce_BothFinish()
    {
        var searches = Enumerable.Range(0, 2).Select(seed => Task.Run(() =>
        {
            // Creating the file is part of the race.
            using var store = RunStore.Create(_folder.Database, TimeProvider.System);
            Search(store, rounds: 300, seed);
        }));
        await Task.WhenAll(searches);

        using var again = RunStore.Open(_folder.Database, TimeProvider.System);
        Assert.Equal([(1L, 300, 900L), (2L, 300, 900L)], again.Read.Runs().Select(run => (run.Run, run.Rounds, run.Evaluations)));
        Assert.All(again.Read.Runs(), run => Assert.Equal(300, again.Read.Rounds(run.Run).Count()));
    }

    /// <summary>A tenth of the most that is promised, so that it stays short: what is held of a stream would show with fewer. <c>./das bench dashboard</c> has a million.</summary>
    [Fact]
    public void ManyEvaluations_AreWrittenFastAndReadAsAStream() => WriteAndRead(rounds: 10_000, perRound: 10);

    private static void Search(IRunStore store, int rounds, long seed)
    {
        var controller = ControllerTable.Create("das", new(Modules, 4));
        using var recorder = store.Begin(Sample.Run(Modules, skip: 4));
        for (var number = 0; number < rounds; number++)
        {
            var proposals = controller.Propose(3, SeededRandom.Derive(seed, "controller", number));
            var noise = SeededRandom.Derive(seed, "noise", number);
            var evaluations = proposals
                .Select(proposal => Evaluation.OfLoss(
                    proposal, noise.Next(20) == 0 ? double.NaN : proposal.Skipped.Sum() * noise.NextDouble() / 10, 1, ValidationMode.Eval, "val:0"))
                .ToList();
            controller.Observe(evaluations);
            recorder.Record(new Round(number, 10 * number, 1, evaluations, controller.Snapshot(), 1));
        }

        recorder.Finish(RunStatus.Done);
    }

    private void WriteAndRead(int rounds, int perRound)
    {
        using var store = RunStore.Create(_folder.Database, TimeProvider.System);
        using var recorder = store.Begin(Sample.Run(Modules, skip: 4));
        var subnetworks = Combinations.All(Modules, 4).ToList();
        var state = ControllerTable.Create("das", new(Modules, 4)).Snapshot();
        var clock = Stopwatch.StartNew();
        for (var number = 0; number < rounds; number++)
        {
            var evaluations = Enumerable.Range(0, perRound)
                .Select(i => Evaluation.OfLoss(subnetworks[((number * perRound) + i) % subnetworks.Count], 1, 1, ValidationMode.Eval, "val:0"));
            recorder.Record(new Round(number, number, 1, [.. evaluations], state, 1));
        }

        var perSecond = rounds * perRound / clock.Elapsed.TotalSeconds;
        Assert.True(perSecond > 5_000, $"only {perSecond:F0} evaluations a second"); // far below what an idle machine does

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (count, most) = (0L, 0L);
        foreach (var stored in store.Read.Evaluations(1))
        {
            if (++count % 10_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(rounds * (long)perRound, count);
        Assert.InRange(most, long.MinValue, 4 << 20);
        Assert.Equal(rounds * (long)perRound, store.Read.LayerRewards(1).Sum(layer => layer.Skipped) / 4);
    }
}
