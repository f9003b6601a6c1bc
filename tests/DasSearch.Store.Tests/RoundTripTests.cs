using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Store.Tests;

/// <summary>What goes in comes out, from a store that was closed in between: the contract of every back end.</summary>
public abstract class RoundTripTests<TStores> : IDisposable
    where TStores : TestStores, new()
{
    private readonly TStores _stores = new();
    private readonly Clock _clock = new();

    public void Dispose()
    {
        _stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Run_ComesBackWhole()
    {
        var description = Sample.Run();
        using (var store = _stores.Open(_clock))
        using (var recorder = store.Begin(description))
        {
            Assert.Equal(1, recorder.Run);
            _clock.Now = _clock.Now.AddMinutes(1);
            recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));
            _clock.Now = _clock.Now.AddMinutes(1);
            recorder.Finish(RunStatus.Failed, "out of memory");
        }

        using var again = _stores.Open(_clock);
        var run = again.Read.Find("vqa-das4");
        Assert.Equal(again.Read.Run(1).Summary, run.Summary);
        Assert.Equal(
            (1L, "vqa-das4", "fashionvl-vqa", "vilt", "das", 2, 7L, RunStatus.Failed, "out of memory", 1, 1L),
            (run.Summary.Run, run.Summary.Name, run.Summary.Task, run.Summary.Backbone, run.Summary.Controller, run.Summary.Skip,
                run.Summary.Seed, run.Summary.Status, run.Summary.Problem, run.Summary.Rounds, run.Summary.Evaluations));
        Assert.Equal(_clock.Now.AddMinutes(-2), run.Summary.StartedAt);
        Assert.Equal(_clock.Now, run.Summary.UpdatedAt);
        Assert.Equal(_clock.Now, run.Summary.FinishedAt);
        Assert.Equal(description.Costs.Modules, run.Costs.Modules);
        Assert.Equal(
            (description.Costs.OutsideParameters, description.Costs.OutsideTrained, description.Costs.OutsideMultiplyAccumulates),
            (run.Costs.OutsideParameters, run.Costs.OutsideTrained, run.Costs.OutsideMultiplyAccumulates));
        Assert.Equal(description.Environment, run.Environment);
        Assert.Equal(
            (description.Config.Text, description.Config.Sha256, "/experiments/vqa.yaml", "vilt.safetensors", description.CheckpointSha256),
            (run.ConfigText, run.ConfigSha256, run.ConfigPath, run.Checkpoint, run.CheckpointSha256));
    }

    [Fact]
    public void Rounds_KeepWhatTheirControllerRemembersAsLongAsASearchMayGoOnFromThem()
    {
        using var store = _stores.Open(_clock);
        using var recorder = store.Begin(Sample.Run());
        for (var number = 0; number < 4; number++)
        {
            recorder.Record(new Round(number, 10 * number, 0, [Sample.Scored("2", 0.25)], new ControllerState("thompson", [1, 2, 3], [0, 1, 0.5],
                new Dictionary<string, IReadOnlyList<double>> { ["model"] = [number] }), 0));
        }

        recorder.Saved(3);
        Assert.Equal([0, 0, 1, 1], store.Read.Rounds(1).Select(round => round.After.Memory.Count));
        recorder.Finish(RunStatus.Done);
        Assert.Equal([0, 0, 0, 1], store.Read.Rounds(1).Select(round => round.After.Memory.Count));
        Assert.Equal([1, 2, 3], store.Read.Rounds(1).First().After.Gates);
    }

    [Fact]
    public void Rounds_ComeBackBitForBit()
    {
        var rounds = new[]
        {
            Sample.Round(0, Sample.Scored("0,1", 0.1 + 0.2), Sample.Scored("-", double.Epsilon), Sample.Scored("0,1,2", 1e300)),
            Sample.Round(
                1,
                Sample.Unscored("0", EvaluationOutcome.Diverged, "the loss is NaN"),
                Sample.Unscored("1", EvaluationOutcome.Failed, "out of memory"),
                Sample.Unscored("2", EvaluationOutcome.Cancelled)),
            new Round(2, 30, 2, [Sample.Scored("2", 0.25)], new ControllerState("thompson", [-0.0, 1 / 3.0, 700], [0, 1, 0.5],
                new Dictionary<string, IReadOnlyList<double>> { ["b"] = [1 / 3.0, 1e-308], ["a"] = [] }), 0),
        };
        using (var store = _stores.Open(_clock))
        using (var recorder = store.Begin(Sample.Run()))
        {
            Array.ForEach(rounds, recorder.Record);
        }

        using var again = _stores.Open(_clock);
        var read = again.Read.Rounds(1).ToList();
        Assert.Equal(3, read.Count);
        Assert.All(rounds.Zip(read), pair => Sample.AssertEqual(pair.First, pair.Second));
        Assert.Equal(rounds.SelectMany(round => round.Evaluations), again.Read.Evaluations(1).Select(stored => stored.Evaluation));
        Assert.Equal([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0)], again.Read.Evaluations(1).Select(stored => (stored.Round, stored.Candidate)));
        Assert.Equal(9, again.Read.Gates(1).Count());
        Assert.Equal(again.Read.Gates(1).Skip(6), again.Read.LastGates(1));
        Assert.Equal([1, 2], again.Read.RoundsSince(1, 1).Select(round => round.Number));
        Assert.All(again.Read.RoundsSince(1, 2), round => Sample.AssertEqual(rounds[2], round));
        Assert.Empty(again.Read.RoundsSince(1, 3));
    }

    [Fact]
    public void Latencies_ComeBack_AndAreReplacedWhenGivenAgain()
    {
        using (var store = _stores.Open(_clock))
        using (var recorder = store.Begin(Sample.Run()))
        {
            Assert.Null(store.Read.Run(1).Latency);
            recorder.Record(new NetworkLatency(64, 1, 2, [0, 0, 0]));
            recorder.Record(new NetworkLatency(32, 1 / 3.0, 0.5, [0.1, -0.01, 0.125]));
            Assert.Throws<ArgumentException>(() => recorder.Record(new NetworkLatency(64, 1, 2, [0])));
        }

        using var again = _stores.Open(_clock);
        var latency = again.Read.Run(1).Latency!;
        Assert.Equal((32, 1 / 3.0, 0.5), (latency.Batch, latency.FullMilliseconds, latency.KeptMilliseconds));
        Assert.Equal([0.1, -0.01, 0.125], latency.SavedMilliseconds);
        Assert.Equal(0.5 - 0.225, latency.Of(Subnetwork.Parse("0,2", 3)).PlanMilliseconds, 1e-12);
    }

    [Fact]
    public void Latencies_WithTheirTurns_ComeBackBitForBit()
    {
        var turns = Enumerable.Range(1, 9).Select(static i => new LatencyTurn(100 / (float)i, 101 / (float)i, [90 / (float)i, 0.1f * i, 1e-3f])).ToList();
        var measured = new NetworkLatency(64, turns);
        using (var store = _stores.Open(_clock))
        using (var recorder = store.Begin(Sample.Run()))
        {
            recorder.Record(measured);
        }

        using var again = _stores.Open(_clock);
        var latency = again.Read.Run(1).Latency!;
        Assert.Equal((measured.FullMilliseconds, measured.KeptMilliseconds), (latency.FullMilliseconds, latency.KeptMilliseconds));
        Assert.Equal(measured.SavedMilliseconds, latency.SavedMilliseconds);
        Assert.Equal(turns.Select(turn => turn.WithoutMilliseconds), latency.Turns.Select(turn => turn.WithoutMilliseconds));
        Assert.Equal(measured.SavedInterval(1), latency.SavedInterval(1));
        Assert.Equal(measured.Of(Subnetwork.Parse("0,2", 3)), latency.Of(Subnetwork.Parse("0,2", 3)));
    }

    [Fact]
    public void Adapters_ComeBack_AndAreReplacedWhenGivenAgain()
    {
        var first = new AdapterEvidence(2, Placement.Parallel, "attention", 30, 21, 1000, [0.5]);
        var other = new AdapterEvidence(0, Placement.Replace, "module", 30, 21, 1000, [1 / 3.0, 0, 1e-300]);
        using (var store = _stores.Open(_clock))
        using (var recorder = store.Begin(Sample.Run()))
        {
            Assert.Empty(store.Read.Adapters(1));
            recorder.Record([first]);
            recorder.Record([first, other]);
            Assert.Throws<ArgumentException>(() => recorder.Record([first, first]));
            Assert.Throws<ArgumentException>(() => recorder.Record([new AdapterEvidence(3, Placement.Replace, "module", 30, 21, 1000, [0])]));
        }

        using var again = _stores.Open(_clock);
        var adapters = again.Read.Adapters(1);
        Assert.Equal([(0, Placement.Replace, "module"), (2, Placement.Parallel, "attention")], adapters.Select(adapter => (adapter.Module, adapter.Placement, adapter.Site)));
        Assert.Equal(other.Saliency, adapters[0].Saliency);
        Assert.Equal((30, 21, 1000, 30 + (3 * 21)), (adapters[0].FixedParameters, adapters[0].UnitParameters, adapters[0].UnitMultiplyAccumulates, adapters[0].Parameters(3)));
    }

    [Fact]
    public void Truths_ComeBack_AndAreReplacedWhenGivenAgain()
    {
        using var store = _stores.Open(_clock);
        using var recorder = store.Begin(Sample.Run());
        var (first, second) = (new ExhaustiveScore(Subnetwork.Parse("0,1", 3), 1.5, [0.1f, float.Epsilon, 3]), new ExhaustiveScore(Subnetwork.Parse("-", 3), 0, [7]));
        recorder.Record("validation", [first]);
        recorder.Record("validation", [new ExhaustiveScore(first.Subnetwork, 2, first.Losses), second]);
        recorder.Record("test", [second]);
        Assert.Throws<ArgumentException>(() => recorder.Record("test", [new ExhaustiveScore(Subnetwork.Parse("0", 4), 0, [1])]));

        var truths = store.Read.ExhaustiveScores(1, "validation");
        Assert.Equal([second.Subnetwork, first.Subnetwork], truths.Select(truth => truth.Subnetwork));
        Assert.Equal((2.0, first.Loss), (truths[1].Correct, truths[1].Loss));
        Assert.Equal(first.Losses, truths[1].Losses);
        Assert.Single(store.Read.ExhaustiveScores(1, "test"));
        Assert.Throws<StoreException>(() => store.Read.ExhaustiveScores(2, "test"));
    }

    [Fact]
    public void MetricsAndPlans_ComeBack_AndAreReplacedWhenGivenAgain()
    {
        using var store = _stores.Open(_clock);
        using var recorder = store.Begin(Sample.Run());
        recorder.Record([new Metric("train.loss", 10, 0.5), new("train.loss", 2, double.NaN), new("test.accuracy", 0, 0.75)]);
        recorder.Record([new Metric("train.loss", 10, 0.25)]);
        Assert.Equal(
            [new("test.accuracy", 0, 0.75), new("train.loss", 2, null), new("train.loss", 10, 0.25)],
            store.Read.Metrics(recorder.Run));
        Assert.Equal([new Metric("test.accuracy", 0, 0.75)], store.Read.Metrics(recorder.Run, "test.accuracy"));
        Assert.Equal([new("test.accuracy", 0, 0.75), new("train.loss", 10, 0.25)], store.Read.LastMetrics(recorder.Run));
        recorder.Record([new Metric("train.loss", 11, double.NaN)]);
        Assert.Equal([new("test.accuracy", 0, 0.75), new("train.loss", 11, null)], store.Read.LastMetrics(recorder.Run));

        var trained = Sample.Plan(new PlanResult("das", 3, 10, new Dictionary<string, double> { ["test.accuracy"] = 0.7 }, new PlanLatency(8, 20, 15), null, null));
        recorder.Record(Sample.Plan());
        recorder.Record(Sample.Plan());
        _clock.Now = _clock.Now.AddSeconds(1);
        recorder.Record(trained);
        Assert.Equal([PlanFile.Format(Sample.Plan()), PlanFile.Format(trained)], store.Read.Plans(recorder.Run).Select(plan => PlanFile.Format(plan.Plan)));
    }

    [Fact]
    public void Reopen_KeepsTheRoundsAskedFor_AndGoesOn()
    {
        using var store = _stores.Open(_clock);
        using (var recorder = store.Begin(Sample.Run()))
        {
            for (var i = 0; i < 5; i++)
            {
                recorder.Record(Sample.Round(i, Sample.Scored("0", 0.5)));
            }

            recorder.Finish(RunStatus.Interrupted);
        }

        using var resumed = store.Reopen(1, rounds: 3);
        Assert.Equal((RunStatus.Stopped, 3, null), (store.Read.Run(1).Summary.Status, store.Read.Run(1).Summary.Rounds, store.Read.Run(1).Summary.FinishedAt));
        resumed.Record(Sample.Round(3, Sample.Scored("1", 0.25)));
        Assert.Equal(["0", "0", "0", "1"], store.Read.Evaluations(1).Select(stored => stored.Evaluation.Subnetwork.ToString()));

        // Handing over an earlier round again forgets what came after it.
        resumed.Record(Sample.Round(1, Sample.Scored("2", 0.25)));
        Assert.Equal(["0", "2"], store.Read.Evaluations(1).Select(stored => stored.Evaluation.Subnetwork.ToString()));
        Assert.Equal("Round 2 comes next, not 4. (Parameter 'round')", Assert.Throws<ArgumentException>(() => resumed.Record(Sample.Round(4, Sample.Scored("0", 1)))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Reopen(1, rounds: 3));
    }

    [Fact]
    public void Case07_Took_IsTheTimeAtWork_AcrossResumes_WithoutPauses()
    {
        using var store = _stores.Open(_clock);
        using (var recorder = store.Begin(Sample.Run()))
        {
            _clock.Now = _clock.Now.AddMinutes(2);
            recorder.Record(Sample.Round(0, Sample.Scored("0", 0.5)));
            Assert.Equal("2:00", store.Read.Run(1).Summary.Took); // as far as it is
            _clock.Now = _clock.Now.AddMinutes(1);
            recorder.Finish(RunStatus.Interrupted);
        }

        // A night, a plan that is trained, and another night.
        _clock.Now = _clock.Now.AddHours(12);
        using (var added = store.Append(1))
        {
            _clock.Now = _clock.Now.AddMinutes(30);
            added.Record([new Metric("das:0:7/test.accuracy", 0, 0.5)]);
        }

        _clock.Now = _clock.Now.AddHours(12);
        using (var resumed = store.Reopen(1, rounds: 1))
        {
            Assert.Equal("3:00", store.Read.Run(1).Summary.Took);
            _clock.Now = _clock.Now.AddHours(30);
            resumed.Record([new Metric("train.loss", 3, 0.5)]);
            _clock.Now = _clock.Now.AddSeconds(1.5);
            resumed.Finish(RunStatus.Done);
        }

        var run = store.Read.Runs().Single();
        Assert.Equal(("30:03:01", (30 * 3600) + 181.5), (run.Took, run.Seconds));
    }

    [Fact]
    public void Record_RoundOfAnotherBackbone_Throws()
    {
        using var store = _stores.Open(_clock);
        using var recorder = store.Begin(Sample.Run(modules: 4));
        var failure = Assert.Throws<ArgumentException>(() => recorder.Record(Sample.Round(0, Sample.Scored("0", 0.5))));
        Assert.StartsWith("Run 1 has 4 modules, but round 0 has 3.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_WithSqlInThem_StayNames()
    {
        const string Name = "x'; DROP TABLE run; --";
        using var store = _stores.Open(_clock);
        using var recorder = store.Begin(Sample.Run(name: Name));
        recorder.Record([new Metric(Name, 0, 1)]);
        Assert.Equal(Name, store.Read.Find(Name).Summary.Name);
        Assert.Equal(Name, store.Read.Metrics(1, Name).Single().Name);
    }

    [Fact]
    public void Find_UnknownRun_SaysWhatThereIs()
    {
        using var store = _stores.Open(_clock);
        Assert.Equal($"there is no run 1 in {_stores.Name}, which has none at all", Assert.Throws<StoreException>(() => store.Read.Find("1")).Message);

        store.Begin(Sample.Run()).Dispose();
        store.Begin(Sample.Run()).Dispose();
        Assert.Equal(2, store.Read.Find("vqa-das4").Summary.Run);
        Assert.StartsWith(
            $"there is no run named 'vqa' in {_stores.Name}, whose latest is 2",
            Assert.Throws<StoreException>(() => store.Read.Find("vqa")).Message,
            StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => store.Read.Evaluations(3));
        Assert.Throws<StoreException>(() => store.Read.LayerRewards(3));
        Assert.Throws<StoreException>(() => store.Read.Rounds(3).ToList());
        Assert.Throws<StoreException>(() => store.Reopen(3, 0));
    }

    [Fact]
    public void EmptyRun_HasEmptyLists()
    {
        using var store = _stores.Open(_clock);
        store.Begin(Sample.Run()).Dispose();
        Assert.Empty(store.Read.Rounds(1));
        Assert.Empty(store.Read.RoundSummaries(1));
        Assert.Empty(store.Read.Subnetworks(1));
        Assert.Empty(store.Read.Plans(1));
        Assert.All(store.Read.LayerRewards(1), layer => Assert.Equal((0, 0, null, null), (layer.Skipped, layer.Kept, layer.MeanRewardSkipped, layer.Gate)));
        Assert.Equal(0, store.Read.Runs().Single().Rounds);
    }
}

public sealed class SqliteRoundTripTests : RoundTripTests<SqliteStores>;

public sealed class MemoryRoundTripTests : RoundTripTests<MemoryStores>;
