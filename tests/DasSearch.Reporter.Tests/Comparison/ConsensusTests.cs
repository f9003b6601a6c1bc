using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using DasSearch.Reporter.Tests.Importance;

namespace DasSearch.Reporter.Tests.Comparison;

public sealed class ConsensusTests
{
    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0.004)]
    [InlineData(5, 0.02)]
    public void Intervals_Of95Percent_HaveTheTruthInThemSoOften(int runs, double between)
    {
        const int Modules = 12, Searches = 60;
        var covered = 0;
        for (var seed = 0; seed < Searches; seed++)
        {
            var truth = SimulatedSearch.DrawEffects(Modules, 0.02, seed);
            var analyses = Enumerable.Range(0, runs).Select(run => Analyse(truth, between, (1000 * run) + seed));
            covered += Consensus.Of([.. analyses], [], 4)!.Layers.Count(layer =>
                layer.Importance is var told && Math.Abs(truth.Average() - truth[layer.Module] - told.Value) <= told.Upper - told.Value);
        }

        Assert.InRange((double)covered / (Modules * Searches), 0.925, 0.985);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    public void MeanImportance_OfHalfTheLayers_HasTheTruthInItsIntervalSoOften(double between)
    {
        const int Modules = 12, Searches = 300;
        int[] half = [0, 2, 4, 6, 8, 10];
        var (alone, together) = (0, 0);
        for (var seed = 0; seed < Searches; seed++)
        {
            var truth = SimulatedSearch.DrawEffects(Modules, 0.02, seed);
            var runs = Enumerable.Range(0, 3).Select(run => Analyse(truth, between, (1000 * run) + seed)).ToList();
            together += Covers(Consensus.Of(runs, [], 4)!.MeanImportance(half));
            alone += Covers(runs[0].MeanImportance(half)!);

            int Covers(Estimate mean) => truth.Average() - half.Average(i => truth[i]) is var value && mean.Lower <= value && value <= mean.Upper ? 1 : 0;
        }

        Assert.InRange((double)together / Searches, 0.9, 0.995);
        Assert.InRange((double)alone / Searches, between == 0 ? 0.92 : 0, between == 0 ? 0.98 : 0.9); // a single run knows nothing of others
    }

    [Fact]
    public void Of_RunsThatDiffer_EstimatesByHowMuch()
    {
        var truth = SimulatedSearch.DrawEffects(12, 0.05, 1);
        var alike = Consensus.Of([.. Enumerable.Range(0, 4).Select(run => Analyse(truth, 0, run))], [], 4)!;
        var different = Consensus.Of([.. Enumerable.Range(0, 4).Select(run => Analyse(truth, 0.03, run))], [], 4)!;

        Assert.InRange(alike.BetweenRuns, 0, 0.003);
        Assert.InRange(different.BetweenRuns, 0.02, 0.04);
        Assert.InRange(alike.Heterogeneity, 0, 0.4);
        Assert.InRange(different.Heterogeneity, 0.9, 1);
        Assert.All(
            alike.Layers.Zip(different.Layers),
            pair => Assert.True(pair.First.Importance.StandardError < pair.Second.Importance.StandardError));
    }

    [Fact]
    public void Of_TwoLayersThatAreAlike_CallsThemCoinTosses()
    {
        // Of 0.04, 0.03, 0.0, 0.0, -0.03 and -0.04, three are to be skipped: 2 or 3, whichever.
        double[] truth = [0.04, 0.03, 0.0, 0.0, -0.03, -0.04];
        var search = new SimulatedSearch { Effects = truth, Skip = 2, Rounds = 60 };
        var runs = Enumerable.Range(0, 3).Select(seed => (search with { Seed = seed }).Analyse()).ToList();
        var consensus = Consensus.Of(runs, [.. runs.Select(run => run.LeastImportant(3))], 3)!;

        Assert.Equal([2, 3], consensus.CoinTosses);
        Assert.Equal([true, true, false, false], new[] { 0, 1, 4, 5 }.Select(consensus.Plan.Contains));
        Assert.Equal([3, 3, 0, 0], new[] { 0, 1, 4, 5 }.Select(module => consensus.Layers[module].Planned));
        Assert.False(consensus.Margin!.Difference.IsSignificant);
        Assert.Equal(3, consensus.Layers.Sum(layer => layer.AmongLeast), 9);
    }

    [Fact]
    public void Of_RunsWithoutNoise_IsTheTruth()
    {
        var truth = SimulatedSearch.DrawEffects(6, 0.05, 1);
        var search = new SimulatedSearch { Effects = truth, Skip = 2, Rounds = 30, Noise = (_, _) => 0 };
        var consensus = Consensus.Of([search.Analyse(), (search with { Seed = 1 }).Analyse()], [], 2)!;

        Assert.All(consensus.Layers, layer => Assert.Equal(truth.Average() - truth[layer.Module], layer.Importance.Value, 9));
        Assert.Equal((TopGates.Choose(truth, 2), 1.0), (consensus.Plan, consensus.ProbabilityCorrect));
        Assert.Empty(consensus.CoinTosses);
    }

    [Fact]
    public void Of_OneRunThatRanks_IsNone()
    {
        var run = Analyse(SimulatedSearch.DrawEffects(6, 0.05, 1), 0, 1);
        Assert.Null(Consensus.Of([run, new ImportanceAnalysis(RewardSums.Of(6, []))], [], 2));
    }

    // A run whose effects are the truth's and, with a standard deviation of so much, its own.
    private static ImportanceAnalysis Analyse(IReadOnlyList<double> truth, double between, int seed)
    {
        var effects = truth.Zip(SimulatedSearch.DrawEffects(truth.Count, between, -1 - seed), (one, other) => one + other);
        return new SimulatedSearch { Effects = [.. effects], Skip = truth.Count / 3, Rounds = 60, Seed = seed }.Analyse();
    }
}
