using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Reporter.Importance;

namespace DasSearch.Reporter.Tests.Importance;

/// <summary>What is said to hold so often does hold so often: searches whose truth is known, by the hundred.</summary>
public sealed class CalibrationTests
{
    private const int Modules = 12;

    [Theory]
    [InlineData(RandomController.Name, "even")]
    [InlineData(DasController.Name, "even")]
    [InlineData(DasController.Name, "growing")]
    [InlineData(DasController.Name, "by layer")]
    public void Intervals_Of95Percent_HaveTheTruthInThemSoOften(string controller, string noise)
    {
        const int Searches = 300; // 3,600 intervals: chance moves their share by 0.4 % or so
        var (covered, firstCovered) = (0, 0);
        for (var seed = 0; seed < Searches; seed++)
        {
            var search = Search(seed, deviation: 0.03) with { Controller = controller, Noise = NoiseOf(noise) };
            var layers = search.Analyse().Layers;
            covered += layers.Count(layer => Covers(layer.Importance!, search.Importance[layer.Module]));
            firstCovered += Covers(layers[0].Importance!, search.Importance[0]) ? 1 : 0;
        }

        Assert.InRange((double)covered / (Searches * Modules), 0.935, 0.965);
        Assert.InRange((double)firstCovered / Searches, 0.92, 0.98); // where errors are taken to be equal, 0.89 with noise by layer
    }

    [Theory]
    [InlineData(10, 3, 0.5)]
    [InlineData(20, 3, 0.8)]
    [InlineData(40, 6, 0.9)]
    public void Intervals_OfShortSearches_AreStillRight(int rounds, int candidates, double confidence)
    {
        const int Searches = 300;
        var (covered, told) = (0, 0);
        for (var seed = 0; seed < Searches; seed++)
        {
            var search = Search(seed, deviation: 0.03) with { Rounds = rounds, Candidates = candidates };
            foreach (var layer in search.Analyse(confidence).Layers.Where(layer => layer.Importance is not null))
            {
                covered += Covers(layer.Importance!, search.Importance[layer.Module]) ? 1 : 0;
                told++;
            }
        }

        Assert.True(told > Searches * Modules * 9 / 10);
        Assert.InRange((double)covered / told, confidence - 0.03, confidence + 0.03);
    }

    [Fact]
    public void Modules_ThatAreAllAlike_AreToldApartInOneSearchOfTwentyAtMost()
    {
        const int Searches = 300;
        var alike = Enumerable.Range(0, Searches).Count(static seed => Search(seed, deviation: 0).Analyse().TellsModules);

        Assert.InRange((double)alike / Searches, 0.01, 0.08);
        Assert.All(Enumerable.Range(0, 20), static seed => Assert.True(Search(seed, deviation: 0.03).Analyse().TellsModules));
        Assert.False((Search(0, deviation: 0.03) with { Rounds = 1 }).Analyse().TellsModules);

        // As sure of it as anyone could be, but of a ten-thousandth of the reward.
        var slight = (Search(0, deviation: 0.0001) with { Drift = 0, Noise = static (_, _) => 0.00001 }).Analyse();
        Assert.True(slight.Layers.Min(static layer => layer.Importance!.PValue) < 1e-9);
        Assert.False(slight.TellsModules);
    }

    [Fact]
    public void Probabilities_OfBeingAmongTheLeast_ComeTrueAsOften()
    {
        const int Searches = 200, Bins = 5;
        var bins = Enumerable.Range(0, Bins).Select(_ => new List<(double Said, double Came)>()).ToList();
        var (rightSaid, right) = (0.0, 0);
        for (var seed = 0; seed < Searches; seed++)
        {
            // From effects that drown in noise to such that stand out.
            var search = Search(seed, deviation: 0.001 * (1 + (seed % 10))) with { Rounds = 60 };
            var least = TopGates.Choose(search.Effects, 4);
            var analysis = search.Analyse();
            var choice = analysis.Judge(analysis.LeastImportant(4)!)!;
            rightSaid += choice.ProbabilityCorrect;
            right += choice.Chosen == least ? 1 : 0;
            for (var module = 0; module < Modules; module++)
            {
                var said = choice.AmongLeast[module];
                bins[Math.Min((int)(said * Bins), Bins - 1)].Add((said, least.Contains(module) ? 1 : 0));
            }
        }

        Assert.All(bins, bin => Assert.Equal(bin.Average(pair => pair.Said), bin.Average(pair => pair.Came), 0.06));
        Assert.Equal(rightSaid / Searches, (double)right / Searches, 0.05);
    }

    [Fact]
    public void PairIntervals_Of95Percent_HaveTheTruthInThemSoOften()
    {
        const int Searches = 60; // 3,960 intervals
        var (covered, first) = (0, 0);
        for (var seed = 0; seed < Searches; seed++)
        {
            var search = Search(seed, deviation: 0.03) with { Noise = NoiseOf("growing") };
            var pairs = search.Analyse().Interactions();
            covered += pairs.Count(pair => Covers(pair.Effect!, 0));
            first += pairs.Any(pair => pair.AdjustedPValue < 0.05) ? 1 : 0;
        }

        Assert.InRange((double)covered / (Searches * Modules * (Modules - 1) / 2), 0.94, 0.96);
        Assert.InRange(first, 0, 8); // 3 expected
    }

    [Fact]
    public void Reliability_OfNoise_IsNearNothing_OfStrongEffects_NearOne()
    {
        var noise = Enumerable.Range(0, 60).Select(seed => Search(seed, deviation: 0).Analyse().SplitHalf()!).ToList();
        Assert.InRange(noise.Average(half => half.Correlation), -0.1, 0.1);
        Assert.InRange(noise.Average(half => half.Reliability), 0, 0.25);

        Assert.InRange(Search(1, deviation: 0.1).Analyse().SplitHalf()!.Reliability, 0.97, 1);
    }

    private static SimulatedSearch Search(int seed, double deviation) =>
        new() { Effects = SimulatedSearch.DrawEffects(Modules, deviation, seed), Seed = seed };

    private static Func<double, Subnetwork, double> NoiseOf(string kind) => kind switch
    {
        "even" => (_, _) => 0.02,
        "growing" => (over, _) => 0.005 + (0.04 * over),
        _ => (_, skipped) => skipped.Contains(0) ? 0.06 : 0.01,
    };

    private static bool Covers(Estimate estimate, double truth) => estimate.Lower <= truth && truth <= estimate.Upper;
}
