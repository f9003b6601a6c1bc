using DasSearch.Core;

namespace DasSearch.Store.Tests;

/// <summary>The summaries' numbers, worked out by hand.</summary>
public abstract class SummaryTests<TStores> : IDisposable
    where TStores : TestStores, new()
{
    private readonly TStores _stores = new();
    private readonly IRunStore _store;

    /// <summary>Rewards: {0,1} 0.5 and 0.7, {1,2} 0.2, {0,2} 0.4, {2} diverged and so 0, {1} cancelled.</summary>
    protected SummaryTests()
    {
        _store = _stores.Open(new Clock());
        _store.Begin(Sample.Run(name: "another")).Dispose();
        using var recorder = _store.Begin(Sample.Run());
        recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5), Sample.Scored("1,2", 0.2), Sample.Unscored("2", EvaluationOutcome.Diverged)));
        recorder.Record(Sample.Round(1, Sample.Scored("0,2", 0.4), Sample.Scored("0,1", 0.7), Sample.Unscored("1", EvaluationOutcome.Cancelled)));
        using var third = _store.Begin(Sample.Run());
        third.Record(Sample.Round(0, Sample.Scored("0,1", 0.9)));
    }

    public void Dispose()
    {
        _store.Dispose();
        _stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void LayerRewards_AreMeansDifferenceAndStandardError()
    {
        var layers = _store.Read.LayerRewards(2);
        Assert.Equal([0, 1, 2], layers.Select(layer => layer.Module));

        // Module 0: skipped by 0.5, 0.4, 0.7 (mean 16/30, variance 7/300), kept by 0.2, 0 (mean 0.1, variance 0.02).
        AssertClose(layers[0], 3, 2, 1.6 / 3, 0.1, Math.Sqrt((7 / 300.0 / 3) + (0.02 / 2)), gate: 0.1, probability: 0.5);

        // Module 1: skipped by 0.5, 0.2, 0.7 (mean 14/30, variance 19/300), kept by 0, 0.4 (mean 0.2, variance 0.08).
        AssertClose(layers[1], 3, 2, 1.4 / 3, 0.2, Math.Sqrt((19 / 300.0 / 3) + (0.08 / 2)), gate: 0, probability: 0.5);

        // Module 2: skipped by 0.2, 0, 0.4 (mean 0.2, variance 0.04), kept by 0.5, 0.7 (mean 0.6, variance 0.02).
        AssertClose(layers[2], 3, 2, 0.2, 0.6, Math.Sqrt((0.04 / 3) + (0.02 / 2)), gate: -0.25, probability: 0.25);
    }

    [Fact]
    public void LayerRewards_WithTooFewEvaluations_HaveNoStandardError()
    {
        var layers = _store.Read.LayerRewards(3);
        Assert.Equal((1, 0, 0.9, null, null, null), (layers[0].Skipped, layers[0].Kept, layers[0].MeanRewardSkipped, layers[0].MeanRewardKept, layers[0].Difference, layers[0].StandardError));
        Assert.Equal((0, 1, null, 0.9), (layers[2].Skipped, layers[2].Kept, layers[2].MeanRewardSkipped, layers[2].MeanRewardKept));
    }

    [Fact]
    public void LayerRewards_OfNearlyEqualRewards_KeepTheirDigits()
    {
        using var recorder = _store.Begin(Sample.Run());
        recorder.Record(Sample.Round(0, Sample.Scored("0", 0.5), Sample.Scored("0", 0.5 + 2e-12), Sample.Scored("1", 0.5 + 1e-12), Sample.Scored("1", 0.5 + 3e-12)));
        var layer = _store.Read.LayerRewards(recorder.Run)[0];
        Assert.Equal(-1e-12, layer.Difference!.Value, 1e-15);
        Assert.Equal(Math.Sqrt(2), layer.StandardError!.Value / 1e-12, 0.001);
    }

    [Fact]
    public void Rounds_CountAndAverage()
    {
        var rounds = _store.Read.RoundSummaries(2).ToList();
        Assert.Equal([(0, 10L, 3L, 2L), (1, 20L, 3L, 2L)], rounds.Select(round => (round.Round, round.Step, round.Evaluations, round.Scored)));
        Assert.Equal(0.7 / 3, rounds[0].MeanReward!.Value, 1e-15);
        Assert.Equal(1.1 / 2, rounds[1].MeanReward!.Value, 1e-15);
        Assert.Equal([0.5, 0.7], rounds.Select(round => round.BestReward!.Value));
        Assert.Equal(-Math.Log(0.5 * 0.2) / 2, rounds[0].MeanLoss!.Value, 1e-15);
        Assert.Equal(rounds.Skip(1), _store.Read.RoundSummariesSince(2, 1));
        Assert.Empty(_store.Read.RoundSummariesSince(2, 2));
    }

    [Fact]
    public void Choices_AreWhatTheControllerRecommendedAfterEachRound() =>
        Assert.Equal([(0, "0,1"), (1, "0,1")], _store.Read.Choices(2).Select(static choice => (choice.Round, choice.Recommended.ToString())));

    [Fact]
    public void Subnetworks_CountAndAverage_TheBestFirst()
    {
        var subnetworks = _store.Read.Subnetworks(2).ToList();
        Assert.Equal(["0,1", "0,2", "1,2", "2"], subnetworks.Select(row => row.Subnetwork.ToString()));
        Assert.Equal((2L, 0.7, 0, 1), (subnetworks[0].Evaluations, subnetworks[0].BestReward, subnetworks[0].FirstRound, subnetworks[0].LastRound));
        Assert.Equal([0.6, 0.4, 0.2, 0], subnetworks.Select(row => row.MeanReward));
    }

    private static void AssertClose(LayerReward layer, int skipped, int kept, double without, double with, double error, double gate, double probability)
    {
        Assert.Equal((skipped, kept), (layer.Skipped, layer.Kept));
        Assert.Equal(without, layer.MeanRewardSkipped!.Value, 1e-15);
        Assert.Equal(with, layer.MeanRewardKept!.Value, 1e-15);
        Assert.Equal(without - with, layer.Difference!.Value, 1e-15);
        Assert.Equal(error, layer.StandardError!.Value, 1e-15);
        Assert.Equal((gate, probability), (layer.Gate, layer.Probability));
    }
}

public sealed class SqliteSummaryTests : SummaryTests<SqliteStores>;

public sealed class MemorySummaryTests : SummaryTests<MemoryStores>;
