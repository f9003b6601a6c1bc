using DasSearch.Core;
using DasSearch.Core.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Controller.Tests;

/// <summary>The arithmetic of DAS's update rule.</summary>
public sealed class DasUpdateTests
{
    private const int Modules = 5;

    /// <summary>
    /// Worked out by hand. Round 1: p = 1/2, slope 1/4, rewards 0.6 and 0.2, mean 0.4, so module 0 rises by 0.2/4 and
    /// module 2 falls by as much, while module 1, skipped by both, stays.
    /// </summary>
    [Fact]
    public void Observe_HandComputedRounds_GiveTheseGates()
    {
        var controller = new DasController(new(3, 2));
        controller.Observe([WithReward(new(3, [0, 1]), 0.6), WithReward(new(3, [1, 2]), 0.2)]);
        AssertClose([0.05, 0, -0.05], controller.Snapshot().Gates);
        AssertClose([0.5124973964842103, 0.5, 0.4875026035157897], controller.Snapshot().Probabilities);

        // σ(±0.05) has slope 0.249843815..., and rewards 0.1, 0.5, 0.3 lie -0.2, 0.2 and 0 from their mean.
        controller.Observe([WithReward(new(3, [0, 1]), 0.1), WithReward(new(3, [1, 2]), 0.5), WithReward(new(3, [0, 2]), 0.3)]);
        const double Slope = 0.24984381508111644;
        AssertClose([0.05 - (0.2 * Slope), 0, -0.05 + (0.2 * Slope)], controller.Snapshot().Gates);
    }

    /// <summary>Worked out by hand: softmax(0, 0, 0) is 1/3, slope 2/9; and e^(10 · 0.2 · 2/9) = e^(4/9) is 1.5596235.</summary>
    [Fact]
    public void Observe_Softmax_GivesTheseGatesAndProbabilities()
    {
        var controller = new DasController(new ControllerSettings(3, 1) { Weights = GateWeights.Softmax });
        controller.Observe([WithReward(new(3, [0]), 0.6), WithReward(new(3, [1]), 0.2)]);
        AssertClose([0.2 * 2 / 9, -0.2 * 2 / 9, 0], controller.Snapshot().Gates);
        var (high, low) = (Math.Exp(4.0 / 9), Math.Exp(-4.0 / 9));
        AssertClose([high / (1 + high + low), low / (1 + high + low), 1 / (1 + high + low)], controller.Snapshot().Probabilities);
    }

    [Fact]
    public void Observe_LearningRate_ScalesTheStep()
    {
        var controller = new DasController(new(2, 1, learningRate: 0.1));
        controller.Observe([WithReward(new(2, [0]), 0.8), WithReward(new(2, [1]), 0.4)]);
        AssertClose([0.1 * 0.2 / 4, -0.1 * 0.2 / 4], controller.Snapshot().Gates);
    }

    [Fact]
    public void Observe_DivergedAndFailed_CountAsReward0_CancelledNotAtAll()
    {
        var controller = new DasController(new(4, 1));
        controller.Observe([
            WithReward(new(4, [0]), 0.6),
            Evaluation.OfLoss(new(4, [1]), double.NaN, 1, ValidationMode.Eval, "b"),
            Evaluation.Unscored(new(4, [2]), EvaluationOutcome.Failed, 1, ValidationMode.Eval, "b", "out of memory"),
            Evaluation.Unscored(new(4, [3]), EvaluationOutcome.Cancelled, 1, ValidationMode.Eval, "b", null),
        ]);
        AssertClose([0.4 / 4, -0.2 / 4, -0.2 / 4, 0], controller.Snapshot().Gates);
    }

    [Theory]
    [InlineData(GateWeights.Sigmoid)]
    [InlineData(GateWeights.Softmax)]
    public void Observe_SettingsBeyondReason_KeepGatesFiniteAndProposalsComing(GateWeights weights)
    {
        var controller = new DasController(new ControllerSettings(12, 4, learningRate: double.MaxValue) { Weights = weights });
        for (var round = 0; round < 50; round++)
        {
            var proposals = controller.Propose(5, SeededRandom.Derive(1, "controller", round));
            Assert.Equal(5, proposals.Distinct().Count());
            controller.Observe([.. proposals.Select((proposal, i) => Evaluation.Scored(proposal, 0, i % 2 * double.MaxValue, 1, ValidationMode.Eval, "b"))]);
        }

        Assert.All(controller.Snapshot().Gates, gate => Assert.InRange(gate, -700, 700));
    }

    /// <summary>A second implementation, written from the paper's formula with tables instead of sets.</summary>
    [Fact]
    public void Observe_RandomRounds_AgreesWithASecondImplementation() =>
        Prop.ForAll(Rounds(), rounds =>
        {
            var controller = new DasController(new(Modules, 2, learningRate: 0.7));
            var gates = new double[Modules];
            foreach (var round in rounds)
            {
                controller.Observe([.. round.Select(entry => WithReward(entry.Subnetwork, entry.Reward))]);
                gates = Updated(gates, round, 0.7);
            }

            return controller.Snapshot().Gates.Zip(gates, (ours, theirs) => Math.Abs(ours - theirs)).All(gap => gap < 1e-12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Observe_EqualRewards_ChangeNothing() =>
        Prop.ForAll(Rounds(), rounds =>
        {
            var controller = new DasController(new(Modules, 2));
            foreach (var round in rounds)
            {
                controller.Observe([.. round.Select(entry => WithReward(entry.Subnetwork, 0.25))]);
            }

            return controller.Snapshot().Gates.All(gate => gate == 0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Observe_ModuleInEveryCandidateOrInNone_Stays() =>
        Prop.ForAll(Rounds(), rounds => rounds.All(round =>
        {
            var controller = new DasController(new(Modules, 2));
            controller.Observe([.. round.Select(entry => WithReward(entry.Subnetwork, entry.Reward))]);
            var gates = controller.Snapshot().Gates;
            return Enumerable.Range(0, Modules)
                .Where(i => round.Select(entry => entry.Subnetwork.Contains(i)).Distinct().Count() == 1)
                .All(i => Math.Abs(gates[i]) < 1e-15);
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Observe_AnotherOrder_GivesTheSameUpToRounding() =>
        Prop.ForAll(Rounds(), rounds =>
        {
            var (forwards, backwards) = (new DasController(new(Modules, 2)), new DasController(new(Modules, 2)));
            foreach (var round in rounds)
            {
                var evaluations = round.Select(entry => WithReward(entry.Subnetwork, entry.Reward)).ToList();
                forwards.Observe(evaluations);
                backwards.Observe([.. Enumerable.Reverse(evaluations)]);
            }

            return forwards.Snapshot().Gates.Zip(backwards.Snapshot().Gates, (a, b) => Math.Abs(a - b)).All(gap => gap < 1e-12);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(-800.0)]
    [InlineData(-700.0)]
    [InlineData(-37.5)]
    [InlineData(-1.0)]
    [InlineData(-1e-9)]
    [InlineData(0.0)]
    [InlineData(0.3465)]
    [InlineData(20.25)]
    [InlineData(700.0)]
    [InlineData(710.0)]
    public void PortableMath_AgreesWithTheLibrary(double x)
    {
        AssertRelative(Math.Abs(x) < 709 ? Math.Exp(x) : x < 0 ? 0 : double.PositiveInfinity, PortableMath.Exp(x));
        AssertRelative(x < -709 ? 0 : 1 / (1 + Math.Exp(-x)), PortableMath.Sigmoid(x));
    }

    [Fact]
    public void PortableMath_ManyArguments_StaysWithinAFewUnitsInTheLastPlace()
    {
        var random = new SeededRandom(3);
        for (var i = 0; i < 100_000; i++)
        {
            var x = (random.NextDouble() - 0.5) * 1400;
            AssertRelative(Math.Exp(x), PortableMath.Exp(x));
        }
    }

    private static void AssertRelative(double expected, double actual) =>
        Assert.True(expected == actual || Math.Abs(expected - actual) <= 1e-15 * Math.Abs(expected), $"{expected:R} and {actual:R}");

    private static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-15));

    private static Evaluation WithReward(Subnetwork subnetwork, double reward) =>
        Evaluation.Scored(subnetwork, 1, reward, 1, ValidationMode.Eval, "b");

    private static double[] Updated(double[] gates, Entry[] round, double step)
    {
        var p = gates.Select(g => 1 / (1 + Math.Exp(-g))).ToArray();
        var mean = round.Average(entry => entry.Reward);
        var next = new double[gates.Length];
        for (var i = 0; i < gates.Length; i++)
        {
            var pull = round.Where(entry => entry.Subnetwork.ToString().Split(',').Contains(i.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                .Sum(entry => entry.Reward - mean);
            next[i] = gates[i] + (step * pull * p[i] * (1 - p[i]));
        }

        return next;
    }

    private static Arbitrary<Entry[][]> Rounds()
    {
        var entry =
            from set in Gen.Elements(Combinations.All(Modules, 2).ToArray())
            from reward in Gen.Choose(0, 1_000_000)
            select new Entry(set, reward / 1e6);
        return Arb.From(entry.NonEmptyListOf().Select(list => list.ToArray()).NonEmptyListOf().Select(list => list.ToArray()));
    }

    private sealed record Entry(Subnetwork Subnetwork, double Reward);
}
