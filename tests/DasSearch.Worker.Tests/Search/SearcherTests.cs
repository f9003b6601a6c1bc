using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Tests.Support;

namespace DasSearch.Worker.Tests.Search;

/// <summary>A whole search over a tiny network: what it records, and that nothing but the seed decides.</summary>
public sealed class SearcherTests : IDisposable
{
    private const int Batches = 12; // 3 epochs of 4
    private const int Rounds = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-search-");

    private string State => Path.Combine(_folder.FullName, "state");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_ToTheEnd_RecordsEveryRoundBatchAndEpoch()
    {
        var recorder = new MemoryRecorder();
        var chosen = TinySearch.Run(TinySearch.Config, recorder, State);

        Assert.Equal([4L, 6, 8, 10], recorder.Rounds.Select(round => round.Step));
        Assert.All(recorder.Rounds, round =>
        {
            Assert.Equal(3, round.Evaluations.Select(one => one.Subnetwork).Distinct().Count());
            Assert.All(round.Evaluations, one => Assert.Equal(
                (2, EvaluationOutcome.Scored, ValidationMode.Eval, "validation:0"), (one.Subnetwork.Count, one.Outcome, one.Mode, one.Batch)));
            Assert.All(round.Evaluations, one => Assert.Equal(Math.Exp(-one.Loss!.Value), one.Reward!.Value));
        });
        Assert.Equal(Enumerable.Range(1, Batches).Select(step => (long)step), Steps(recorder, "train.loss"));
        Assert.Equal([4L, 8, 12], Steps(recorder, "validation.accuracy"));
        Assert.Equal([4L, 8, 12], Steps(recorder, "validation.loss"));
        Assert.Equal(recorder.Rounds[^1].Recommended, chosen);
        Assert.All(recorder.Rounds, round => Assert.Equal(TopGates.Choose(round.After.Gates, 2), round.Recommended)); // as das chooses
    }

    // As DAS's code for LLaVA has it: warm-up in batches, and rounds that score what is trained on next.
    [Fact]
    public void Run_OnTheTrainingBatch_ScoresTheBatchThatComesNext()
    {
        var recorder = new MemoryRecorder();
        TinySearch.Run(
            TinySearch.Config with
            {
                Search = TinySearch.Config.Search with { WarmUpBatches = 3, WarmUpSkips = WarmUpSkips.Growing, Decay = RateDecay.Cosine },
                Validation = TinySearch.Config.Validation with { Mode = ValidationMode.Train, Batch = BatchPolicy.Training },
            },
            recorder,
            State);
        Assert.Equal([3L, 5, 7, 9, 11], recorder.Rounds.Select(round => round.Step));
        Assert.All(recorder.Rounds, round => Assert.All(round.Evaluations, one => Assert.Equal((ValidationMode.Train, $"train:{round.Step}"), (one.Mode, one.Batch))));
    }

    [Fact]
    public void Run_Gates_AreWhatThePapersRuleMakesOfTheRewards()
    {
        var recorder = new MemoryRecorder();
        TinySearch.Run(TinySearch.Config, recorder, State);

        // g_i += η Σ_k (r_k − mean) σ(g_i)(1 − σ(g_i)) over the candidates that skip i, from rewards as they were recorded.
        var gates = new double[TinySearch.Layers];
        foreach (var round in recorder.Rounds)
        {
            var mean = round.Evaluations.Average(one => one.Reward!.Value);
            gates = [.. gates.Select((gate, i) =>
            {
                var p = 1 / (1 + Math.Exp(-gate));
                return gate + (p * (1 - p) * round.Evaluations.Where(one => one.Subnetwork.Contains(i)).Sum(one => one.Reward!.Value - mean));
            })];
            Assert.All(gates.Zip(round.After.Gates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }

        Assert.Contains(gates, gate => Math.Abs(gate) > 1e-9);
    }

    [Fact]
    public void Run_Twice_GivesTheSameBits_AndAnotherSeedDoesNot()
    {
        var (one, again, other) = (new MemoryRecorder(), new MemoryRecorder(), new MemoryRecorder());
        TinySearch.Run(TinySearch.Config, one, State);
        TinySearch.Run(TinySearch.Config, again, State);
        TinySearch.Run(TinySearch.Config with { Seed = 6 }, other, State);

        AssertSame(one, again);
        Assert.NotEqual(one.Rounds[0].Evaluations[0].Loss, other.Rounds[0].Evaluations[0].Loss);
    }

    [Fact]
    public void Run_SureEnough_EndsEarly()
    {
        // Whatever the choice, no other one can have that much more.
        var sure = TinySearch.Config with { Stop = new() { Error = 0.5, Tolerance = 1 }, Search = TinySearch.Config.Search with { StepsBetweenRounds = 1 } };
        var whole = new MemoryRecorder();
        TinySearch.Run(sure, whole, State);
        Assert.Equal(3, whole.Rounds.Count); // of two comparisons each, of which the older ones count a little less: over 4, as many as modules
        Assert.Equal([1.0, 1, 0], Steps(whole, "stop.error").Select(step => whole.Metrics[("stop.error", step)]!.Value));
        Assert.Equal(Steps(whole, "train.loss").Max(), Steps(whole, "validation.accuracy").Max());
    }

    [Fact]
    public void Run_TrainingUniformly_LearnsTheSameWhateverTheControllerLikes()
    {
        Assert.Equal(Learnt("das", PathSampling.Uniform), Learnt("thompson", PathSampling.Uniform));
        Assert.NotEqual(Learnt("das", PathSampling.Proposed), Learnt("thompson", PathSampling.Proposed));

        List<double?> Learnt(string controller, PathSampling train)
        {
            var recorder = new MemoryRecorder();
            var config = TinySearch.Config with { Controller = new() { Name = controller }, Search = TinySearch.Config.Search with { Train = train } };
            TinySearch.Run(config, recorder, Path.Combine(_folder.FullName, $"{controller}-{train}"));
            return [.. Steps(recorder, "train.loss").Select(step => recorder.Metrics[("train.loss", step)])];
        }
    }

    [Fact]
    public void Run_FreshBatches_ScoresEachRoundOnTheNext()
    {
        var recorder = new MemoryRecorder();
        TinySearch.Run(TinySearch.Config with { Validation = TinySearch.Config.Validation with { Batch = BatchPolicy.Fresh } }, recorder, State);

        Assert.Equal(
            ["validation:0", "validation:1", "validation:0", "validation:1"],
            recorder.Rounds.Select(round => round.Evaluations.Select(one => one.Batch).Distinct().Single()));
    }

    [Fact]
    public void Run_OfficialCompatibility_ScoresInTrainingMode()
    {
        var recorder = new MemoryRecorder();
        var official = (TinySearch.Config with { Compat = Compatibility.Official, Validation = new() }).Resolved();
        TinySearch.Run(official, recorder, State);

        Assert.All(recorder.Rounds.SelectMany(round => round.Evaluations), one => Assert.Equal(ValidationMode.Train, one.Mode));
    }

    [Fact]
    public void Run_AccumulatedBatches_CountsRoundsInBatches()
    {
        var recorder = new MemoryRecorder();
        TinySearch.Run(TinySearch.Config with { Search = TinySearch.Config.Search with { AccumulatedBatches = 3 } }, recorder, State);
        Assert.Equal(Rounds, recorder.Rounds.Count);
    }

    [Fact]
    public void Run_StateOfOtherSettings_IsRefused()
    {
        var other = new TrainingState(State, "other", "search");
        Assert.Throws<OperationCanceledException>(() => { TinySearch.Run(TinySearch.Config, new MemoryRecorder(), State, endAfter: 2); });
        Assert.Contains("other settings", Assert.Throws<DasSearchException>(() => other.Done).Message, StringComparison.Ordinal);
    }

    // An epoch has four batches.
    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    public void Run_InterruptedAmidAnEvaluation_EvaluatesWhenItGoesOn(long last)
    {
        var (whole, parts) = (new MemoryRecorder(), new MemoryRecorder());
        TinySearch.Run(TinySearch.Config, whole, State + "whole");
        Assert.Throws<OperationCanceledException>(() => { TinySearch.Run(TinySearch.Config, parts, State, endAfter: last); });
        Assert.DoesNotContain(last + 1, Steps(parts, "validation.loss"));
        TinySearch.Run(TinySearch.Config, parts, State);
        Assert.Equal(Steps(whole, "validation.loss").Order(), Steps(parts, "validation.loss").Order());
    }

    private static IEnumerable<long> Steps(MemoryRecorder recorder, string name) =>
        recorder.Metrics.Keys.Where(key => key.Name == name).Select(key => key.Step);

    // All but the times.
    private static void AssertSame(MemoryRecorder expected, MemoryRecorder actual)
    {
        Assert.Equal(expected.Metrics, actual.Metrics);
        Assert.Equal(expected.Rounds.Select(round => round.After), actual.Rounds.Select(round => round.After));
        Assert.Equal(expected.Rounds.Select(round => round.Recommended), actual.Rounds.Select(round => round.Recommended));
        Assert.Equal(
            expected.Rounds.SelectMany(round => round.Evaluations).Select(one => (one.Subnetwork, one.Loss, one.Reward)),
            actual.Rounds.SelectMany(round => round.Evaluations).Select(one => (one.Subnetwork, one.Loss, one.Reward)));
    }
}
