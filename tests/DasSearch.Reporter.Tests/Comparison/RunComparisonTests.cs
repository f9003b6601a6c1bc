using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Tests.Importance;
using DasSearch.Store;

namespace DasSearch.Reporter.Tests.Comparison;

/// <summary>Comparisons of searches in a real database.</summary>
public sealed class RunComparisonTests : IDisposable
{
    private readonly StoredSearches _searches = new();

    public void Dispose() => _searches.Dispose();

    [Fact]
    public void Of_SeedsOfOneSearch_AgreesAndHasAConsensus()
    {
        for (var seed = 0; seed < 3; seed++)
        {
            _searches.Add(Search(seed)).Dispose();
        }

        var comparison = RunComparison.Of(_searches.Read, ["1", "2", "3"]);

        Assert.Empty(comparison.Settings);
        Assert.Equal([(1L, 2L), (1, 3), (2, 3)], comparison.Agreements.Select(pair => (pair.First, pair.Second)));
        Assert.All(comparison.Agreements, pair => Assert.InRange(pair.KendallTau!.Value, 0.8, 1));
        Assert.All(comparison.Agreements, pair => Assert.InRange(pair.Spearman!.Value, 0.9, 1));
        var consensus = comparison.Consensus!;
        Assert.Equal([0, 2, 4], consensus.Plan.Skipped);
        Assert.Equal((3, null), (consensus.Runs, comparison.NoConsensus));
        Assert.All(consensus.Layers, layer => Assert.Equal(comparison.Runs.Count(run => run.Plan!.Contains(layer.Module)), layer.Planned));
    }

    [Fact]
    public void Of_ARun_IsWhatItsRoundsSay()
    {
        var search = Search(1);
        _searches.Add(search).Dispose();
        _searches.Add(Search(2)).Dispose();
        var run = RunComparison.Of(_searches.Read, ["1", "2"], 0.8).Runs[0];

        Assert.Equal(search.Analyse(0.8).Layers, run.Importance.Layers);
        Assert.Equal(TopGates.Choose(search.Walk().Last().After.Gates, 3), run.Plan);
        Assert.Equal(run.Plan, run.Choice!.Chosen);
        Assert.Equal(run.Details.Costs.Of(run.Plan!), run.Cost);
    }

    [Fact]
    public void Of_TrainedPlans_AreGroupedBySeeds()
    {
        using (var recorder = _searches.Add(Search(0)))
        {
            recorder.Record(StoredSearches.Trained("0,2,4", 8, seed: 1, accuracy: 0.6, latency: new PlanLatency(64, 10, 8)));
            recorder.Record(StoredSearches.Trained("0,2,4", 8, seed: 0, accuracy: 0.5, latency: new PlanLatency(64, 10, 9)));
            recorder.Record(StoredSearches.Trained("0,2,4", 8, seed: 1, accuracy: 0.7, latency: new PlanLatency(64, 10, 9)));
            recorder.Record(StoredSearches.Trained("-", 8, seed: 0, accuracy: 0.8, method: "full"));
        }

        _searches.Add(Search(1)).Dispose();
        var trained = RunComparison.Of(_searches.Read, ["1", "2"]).Runs[0].Trained;

        Assert.Equal([("0,2,4", "das"), ("-", "full")], trained.Select(plan => (plan.Subnetwork.ToString(), plan.Method)));
        Assert.Equal([0L, 1], trained[0].Seeds);
        Assert.Equal(0.6, trained[0].Metrics["test.accuracy"].Mean, 12);
        Assert.Equal(Math.Sqrt(0.02), trained[0].Metrics["test.accuracy"].StandardDeviation!.Value, 12);
        Assert.Equal(-10, trained[0].LatencyChangePercent!.Value, 9);
        Assert.Equal((0.8, null), (trained[1].Metrics["test.accuracy"].Mean, trained[1].Metrics["test.accuracy"].StandardDeviation));
        Assert.Null(trained[1].LatencyChangePercent);
        Assert.Null(trained[0].Latency); // of medians alone nobody knows how sure they are
    }

    [Fact]
    public void Of_DifferentSettings_NamesThem()
    {
        _searches.Add(Search(0), settings: "skip: 3\nsearch:\n  epochs: 3\n  warm_up_epochs: 1\n").Dispose();
        _searches.Add(Search(0), settings: "skip: 3\ncheckpoint: a.safetensors\nsearch:\n  epochs: 5\n  warm_up_epochs: 1\n").Dispose();
        var comparison = RunComparison.Of(_searches.Read, ["1", "2"]);
        var settings = comparison.Settings.ToDictionary(setting => setting.Key, setting => setting.Values);

        Assert.Equal(["checkpoint", "search.epochs"], settings.Keys.Order());
        Assert.Equal(["3", "5"], settings["search.epochs"]);
        Assert.Equal([null, "a.safetensors"], settings["checkpoint"]);
    }

    [Theory]
    [InlineData("the tasks differ: fashionvl-vqa, fashionvl-nlvr2", "fashionvl-nlvr2", 3)]
    [InlineData("the runs skip different numbers of modules: 3, 2", "fashionvl-vqa", 2)]
    public void Of_RunsOfDifferentSearches_HasNoConsensus_AndSaysWhy(string expected, string task, int skip)
    {
        _searches.Add(Search(0)).Dispose();
        _searches.Add(Search(1) with { Skip = skip }, task).Dispose();
        var comparison = RunComparison.Of(_searches.Read, ["1", "2"]);
        Assert.Equal((null, expected), (comparison.Consensus, comparison.NoConsensus));
        Assert.NotNull(Assert.Single(comparison.Agreements).KendallTau);
    }

    [Fact]
    public void Of_ARunWithoutRounds_HasNothingOfIt()
    {
        _searches.Add(Search(0) with { Rounds = 0 }).Dispose();
        _searches.Add(Search(1)).Dispose();
        var comparison = RunComparison.Of(_searches.Read, ["1", "2"]);
        var empty = comparison.Runs[0];

        Assert.Equal((null, null, null), (empty.Plan, empty.Choice, empty.Cost));
        Assert.All(
            empty.Importance.Layers, layer => Assert.Equal((0, null, null), (layer.Skipped, layer.MeanRewardKept, layer.Importance)));
        Assert.Equal(new RunAgreement(1, 2, null, null, null, null), Assert.Single(comparison.Agreements));
        Assert.Equal("fewer than two runs have evidence enough to rank all modules", comparison.NoConsensus);
    }

    [Fact]
    public void Of_AnotherBackbone_NamesBoth()
    {
        _searches.Add(Search(0)).Dispose();
        _searches.Add(Search(0), backbone: "meter").Dispose();
        _searches.Add(Search(0) with { Effects = new double[5] }).Dispose();

        Assert.Equal(
            "run 1 is of vilt with 8 modules and run 2 of meter with 8 modules: only runs of one backbone can be compared",
            Assert.Throws<DasSearchException>(() => RunComparison.Of(_searches.Read, ["1", "2"])).Message);
        Assert.Equal(
            "run 1 is of vilt with 8 modules and run 3 of vilt with 5 modules: only runs of one backbone can be compared",
            Assert.Throws<DasSearchException>(() => RunComparison.Of(_searches.Read, ["1", "3"])).Message);
    }

    [Fact]
    public void Of_ARunTwice_OrNoRun_SaysSo()
    {
        _searches.Add(Search(0)).Dispose();
        Assert.Equal(
            "run 1 is named twice, but only different runs can be compared",
            Assert.Throws<DasSearchException>(() => RunComparison.Of(_searches.Read, ["1", "vqa"])).Message);
        Assert.Throws<StoreException>(() => RunComparison.Of(_searches.Read, ["1", "7"]));
    }

    [Theory]
    [InlineData("2,5,7", "2,5,7", 1)]
    [InlineData("2,5,7", "5,7,9", 0.5)]
    [InlineData("2,5", "0,1,3", 0)]
    [InlineData("-", "-", 1)]
    [InlineData("-", "1", 0)]
    public void Jaccard_IsSharedOverAll(string one, string other, double expected) =>
        Assert.Equal(expected, PlanOverlap.Jaccard(Subnetwork.Parse(one, 12), Subnetwork.Parse(other, 12)), 12);

    [Theory]
    [InlineData(5, 2, 2)]
    [InlineData(6, 1, 3)]
    [InlineData(4, 0, 0)]
    [InlineData(4, 4, 2)]
    public void JaccardByChance_IsTheMeanOverAllSets(int modules, int one, int other)
    {
        var first = new Subnetwork(modules, Enumerable.Range(0, one));
        var mean = Combinations.All(modules, other).Average(second => PlanOverlap.Jaccard(first, second));
        Assert.Equal(mean, PlanOverlap.JaccardByChance(modules, one, other), 12);
    }

    private static SimulatedSearch Search(int seed) =>
        new() { Effects = [0.1, -0.1, 0.08, -0.06, 0.06, -0.02, 0.0, -0.04], Skip = 3, Rounds = 80, Seed = seed };
}
