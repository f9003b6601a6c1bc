using DasSearch.Core;

namespace DasSearch.Controller.Tests;

/// <summary>The stop rule keeps the error probability that it states, on searches whose truth is known.</summary>
public sealed class StopRuleTests
{
    private const int Modules = 8;
    private const int Skip = 3;
    private const int Candidates = 3;
    private const double Noise = 0.02;

    private static readonly ControllerSettings _settings = new(Modules, Skip);

    [Theory]
    [InlineData("thompson", 0.1, 0.03, false)]
    [InlineData("das", 0.1, 0.06, false)]
    [InlineData("thompson", 0.05, 0.06, true)]
    [InlineData("random", 0.1, 0.06, true)]
    public void Stop_OverManySearches_IsWrongNoMoreOftenThanStated(string controller, double error, double tolerance, bool pairs)
    {
        const int Searches = 120;
        var (stopped, wrong, rounds) = (0, 0, 0);
        for (var search = 0; search < Searches; search++)
        {
            var worth = Worth(search, pairs);
            var rule = Search(controller, worth, new StopRule(_settings, error, tolerance), search, most: 150);
            if (!rule.IsSure)
            {
                continue;
            }

            (stopped, rounds) = (stopped + 1, rounds + rule.Certainty.Rounds);
            var level = Level(rule.Certainty.Rounds - 1);
            wrong += (level + _settings.Space.All().Max(worth)) / (level + worth(rule.Certainty.Choice)) > 1 + tolerance ? 1 : 0;
        }

        // As many as a coin of that chance shows in 19 of 20 tests.
        Assert.True(wrong <= (error * stopped) + (1.645 * Math.Sqrt(error * (1 - error) * stopped)), $"{wrong} of {stopped} were wrong");
        Assert.True(stopped > Searches / 2, $"{stopped} of {Searches} stopped");
        Assert.True(rounds < 50 * stopped, $"after {rounds / stopped} rounds");
    }

    [Fact]
    public void Stop_ModulesThatAreEqual_EndsOnlyWithATolerance()
    {
        static double Equal(Subnetwork set) => 0;
        Assert.False(Search("random", Equal, new StopRule(_settings, 0.05, tolerance: 0), seed: 1, most: 150).IsSure);

        var rule = Search("random", Equal, new StopRule(_settings, 0.05, tolerance: 0.15), seed: 1, most: 150);
        Assert.True(rule.IsSure);
        Assert.NotEmpty(rule.Certainty.Uncertain);
        Assert.NotEmpty(rule.Certainty.Challengers);
        Assert.Equal(Skip, rule.Certainty.Chances.Sum(), 1e-9);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Case06_FewestRounds_AreThoseAfterWhichItJudges(int candidates)
    {
        var rule = new StopRule(_settings, 0.5, tolerance: 100);
        var (fewest, random) = (rule.FewestRounds(candidates)!.Value, new SeededRandom(1));
        for (var round = 0; round < fewest; round++)
        {
            Assert.False(rule.IsSure);
            var evaluations = ControllerTable.Create("random", _settings).Propose(candidates, random)
                .Select(set => Evaluation.OfLoss(set, random.NextDouble(), 0, ValidationMode.Eval, "b")).ToList();
            rule.Observe(new Round(round, round, 0, evaluations, ControllerTable.Create("random", _settings).Snapshot(), 0, evaluations[0].Subnetwork));
        }

        Assert.True(rule.IsSure);
        Assert.Null(rule.FewestRounds(candidates: 1));
        Assert.Null(BayesianRegression.RoundsTo(201, candidates: 2)); // what is older counts for less
    }

    [Fact]
    public void Stop_TooFewComparisons_SaysNothingYet()
    {
        var rule = Search("random", static set => set.Skipped.Count(i => i < Skip), new StopRule(_settings, 0.5, 0), seed: 1, most: 3);
        Assert.Equal((1.0, false), (rule.Certainty.Error, rule.IsSure));
    }

    [Fact]
    public void Stop_TheSameRoundsAgain_IsAsSure()
    {
        var (one, again) = (new StopRule(_settings, 1e-3, 0.015), new StopRule(_settings, 1e-3, 0.015));
        Search("thompson", Worth(3, pairs: true), one, seed: 3, most: 20);
        Search("thompson", Worth(3, pairs: true), again, seed: 3, most: 20);
        Assert.Equal(one.Certainty.Error, again.Certainty.Error);
        Assert.Equal(one.Certainty.Chances, again.Certainty.Chances);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1024)]
    public void Stop_RewardsOfAnotherScale_EndsAtTheSameRound(double scale)
    {
        var (one, scaled) = (new StopRule(_settings, 0.05, 0.06), new StopRule(_settings, 0.05, 0.06));
        Search("thompson", Worth(3, pairs: true), one, seed: 3, most: 150);
        Search("thompson", Worth(3, pairs: true), scaled, seed: 3, most: 150, scale);
        Assert.True(one.IsSure);
        Assert.Equal((one.Certainty.Rounds, one.Certainty.Choice), (scaled.Certainty.Rounds, scaled.Certainty.Choice));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(0.5, -1)]
    public void Create_OutOfRange_IsRefused(double error, double tolerance) =>
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new StopRule(_settings, error, tolerance));

    // What skipping a set adds to its reward: something for each of its modules, and maybe for each pair of them.
    private static Func<Subnetwork, double> Worth(int search, bool pairs)
    {
        var random = SeededRandom.Derive(search, "tests/effects");
        var effects = Enumerable.Range(0, Modules).Select(_ => Noise * Normal(random)).ToArray();
        var together = Enumerable.Range(0, Modules * Modules).Select(_ => pairs ? Noise * Normal(random) : 0).ToArray();
        return set => set.Skipped.Sum(i => effects[i] + set.Skipped.Where(j => j > i).Sum(j => together[(i * Modules) + j]));
    }

    // Box and Muller's way.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // Rewards rise from round to round, as adapters learn.
    private static double Level(int round) => 0.3 + (0.001 * round);

    private static StopRule Search(string name, Func<Subnetwork, double> worth, StopRule rule, int seed, int most, double scale = 1)
    {
        var controller = ControllerTable.Create(name, _settings);
        var noise = SeededRandom.Derive(seed, "tests/noise");
        for (var number = 0; number < most && !rule.IsSure; number++)
        {
            var evaluations = controller.Propose(Candidates, SeededRandom.Derive(seed, "tests/round", number)).Select(set =>
            {
                var reward = Level(number) + worth(set) + (Noise * Normal(noise));
                return Evaluation.Scored(set, 1, scale * Math.Max(reward, 0), 0, ValidationMode.Eval, "validation:0");
            }).ToList();
            controller.Observe(evaluations);
            rule.Observe(new Round(number, number, 0, evaluations, controller.Snapshot(), 0, controller.Recommend()));
        }

        return rule;
    }
}
