using DasSearch.Core;
using DasSearch.Reporter.Importance;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DasSearch.Reporter.Tests.Importance;

public sealed class ImportanceTests
{
    /// <summary>Four rounds in which each of three modules is skipped once: importance is a mean over rounds, with its error.</summary>
    [Fact]
    public void Importance_OfEachModuleOnceARound_IsThePairedTTest()
    {
        var layers = Analyse(3, Each(0.5, 0.3, 0.1), Each(0.6, 0.6, 0.3), Each(0.7, 0.1, 0.1), Each(0.3, 0.2, 0.1)).Layers;

        // Rewards of module 0 less their round's mean: 0.2, 0.1, 0.4, 0.1; squares about the mean add up to 0.06.
        AssertClose(layers[0].Importance!, -0.2, Math.Sqrt(0.06 / 3 / 4));

        // Of module 1: 0, 0.1, -0.2, 0, with 0.0475; of module 2: -0.2, -0.2, -0.2, -0.1, with 0.0075.
        AssertClose(layers[1].Importance!, 0.025, Math.Sqrt(0.0475 / 3 / 4));
        AssertClose(layers[2].Importance!, 0.175, Math.Sqrt(0.0075 / 3 / 4));
        Assert.Equal(0.0060, layers[2].Importance!.PValue, 0.00005); // t = 7 with 3 degrees of freedom

        Assert.Equal(4, layers[0].Skipped);
        Assert.Equal(0.525, layers[0].MeanRewardSkipped!.Value, 12);
        Assert.Equal(0.225, layers[0].MeanRewardKept!.Value, 12);

        static void AssertClose(Estimate estimate, double value, double error)
        {
            const double T = 3.182446305; // 97.5 % of Student's t with 3 degrees of freedom
            Assert.Equal(value, estimate.Value, 12);
            Assert.Equal(error, estimate.StandardError, 12);
            Assert.Equal(3, estimate.DegreesOfFreedom, 9);
            Assert.Equal(value - (T * error), estimate.Lower, 8);
            Assert.Equal(value + (T * error), estimate.Upper, 8);
        }
    }

    [Fact]
    public void Importance_WithoutNoise_IsTheTruth_WhateverElseIsSkipped()
    {
        var search = new SimulatedSearch { Effects = SimulatedSearch.DrawEffects(12, 0.05, 1), Noise = (_, _) => 0, Drift = 0.5 };
        var layers = search.Analyse().Layers;
        Assert.All(layers, layer => Assert.Equal(search.Importance[layer.Module], layer.Importance!.Value, 9));
        Assert.All(layers, layer => Assert.InRange(layer.Importance!.StandardError, 0, 1e-9));
    }

    [Fact]
    public void Importance_WithAConstantAddedToEachRound_StaysAsItIs()
    {
        var rounds = new SimulatedSearch { Effects = SimulatedSearch.DrawEffects(8, 0.05, 3), Skip = 3, Rounds = 30 }.Run().ToList();
        var shifted = rounds.Select((round, number) => (IReadOnlyList<Evaluation>)
            [.. round.Select(evaluation => Rewards.Of(evaluation.Subnetwork, evaluation.Reward!.Value + (number % 7)))]);

        var (one, other) = (Analyse(8, [.. rounds]), Analyse(8, [.. shifted]));
        Assert.All(one.Layers.Zip(other.Layers), pair => AssertSame(pair.First.Importance!, pair.Second.Importance!, 1e-9));
        Assert.All(one.Interactions().Zip(other.Interactions()), pair => AssertSame(pair.First.Effect, pair.Second.Effect, 1e-9));
        Assert.Equal(one.SplitHalf(), other.SplitHalf());
    }

    [Fact]
    public void Analysis_OfTheSameEvidence_IsTheSame_BitForBit()
    {
        var search = new SimulatedSearch { Effects = SimulatedSearch.DrawEffects(8, 0.02, 3), Skip = 3, Rounds = 50 };
        var (one, other) = (search.Analyse(), search.Analyse());
        Assert.Equal(one.Layers, other.Layers);
        Assert.Equal(one.Interactions(), other.Interactions());
        var chosen = one.LeastImportant(3)!;
        Assert.Equal(one.Judge(chosen)!.AmongLeast, other.Judge(chosen)!.AmongLeast);
    }

    [Fact]
    public void Evaluations_ThatDiverged_CountAsNothing_AndCancelledOnes_DoNotCount()
    {
        var evidence = RewardSums.Of(3, [
            [Rewards.Of("0", 3, 0.5), Unscored("1", EvaluationOutcome.Diverged), Unscored("2", EvaluationOutcome.Cancelled)],
            [Rewards.Of("0", 3, 0.7), Unscored("1", EvaluationOutcome.Failed)],
            [Unscored("2", EvaluationOutcome.Cancelled)]]);

        Assert.Equal((3, 4L, ValidationMode.Eval), (evidence.Rounds, evidence.Evaluations, evidence.Mode));
        Assert.Equal([2L, 2, 0], Enumerable.Range(0, 3).Select(evidence.Skipped));
        Assert.Equal(0.6, evidence.MeanRewardSkipped(0)!.Value, 12);
        Assert.Equal((0, 0.6), (evidence.MeanRewardSkipped(1), Math.Round(evidence.MeanRewardKept(1)!.Value, 12)));
        Assert.Null(evidence.MeanRewardSkipped(2));

        static Evaluation Unscored(string skipped, EvaluationOutcome outcome) => Rewards.Unscored(skipped, 3, outcome);
    }

    [Fact]
    public void Judge_StrongEffects_IsSureOfTheLeastImportant_AndOfItsMargin()
    {
        var search = new SimulatedSearch { Effects = [0.3, -0.3, 0.25, -0.2, 0.2, -0.1, 0.0, -0.15], Skip = 3, Rounds = 60 };
        var analysis = search.Analyse();
        var choice = analysis.Judge(analysis.LeastImportant(3)!)!;

        Assert.Equal([0, 2, 4], choice.Chosen.Skipped);
        Assert.InRange(choice.ProbabilityCorrect, 0.999, 1);
        Assert.Equal((4, 6), (choice.Margin!.LastChosen, choice.Margin.FirstLeftOut));
        Assert.InRange(choice.Margin.Difference.Lower, 0.15, 0.2);
        Assert.True(choice.IsDecided);

        var wrong = analysis.Judge(new Subnetwork(8, [0, 1, 2]))!;
        Assert.Equal((0, false), (wrong.ProbabilityCorrect, wrong.IsDecided));
        Assert.Equal((1, 4), (wrong.Margin!.LastChosen, wrong.Margin.FirstLeftOut));
        Assert.InRange(wrong.Margin.Difference.Upper, -1, -0.4);
    }

    [Fact]
    public void Judge_Noise_KnowsNothing()
    {
        var search = new SimulatedSearch { Effects = new double[12], Rounds = 100, Seed = 5 };
        var choice = search.Analyse().Judge(new Subnetwork(12, [0, 1, 2, 3]))!;
        Assert.All(choice.AmongLeast, chance => Assert.InRange(chance, 0.1, 0.7));
        Assert.Equal(4, choice.AmongLeast.Sum(), 9);
        Assert.InRange(choice.ProbabilityCorrect, 0, 0.05);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Judge_NoneOrAll_NeedsNoEvidence(int count)
    {
        var search = new SimulatedSearch { Effects = SimulatedSearch.DrawEffects(6, 0.1, 1), Skip = 2, Rounds = 40 };
        var choice = search.Analyse().Judge(new Subnetwork(6, Enumerable.Range(0, count)))!;
        Assert.Equal(1, choice.ProbabilityCorrect);
        Assert.All(choice.AmongLeast, chance => Assert.Equal(count / 6.0, chance));
        Assert.Null(choice.Margin);
    }

    [Fact]
    public void Interactions_Known_AreFound()
    {
        var truth = new Dictionary<(int, int), double> { [(1, 4)] = -0.1, [(2, 3)] = 0.08 };
        var effects = SimulatedSearch.DrawEffects(10, 0.05, 2);
        var search = new SimulatedSearch { Effects = effects, Skip = 4, Rounds = 300, Interactions = truth };
        var pairs = search.Analyse().Interactions();

        Assert.Equal(45, pairs.Count);
        Assert.Equal([(1, 4), (2, 3)], pairs.Where(pair => pair.AdjustedPValue < 1e-6).Select(pair => (pair.First, pair.Second)));
        foreach (var (pair, effect) in truth)
        {
            var found = pairs.Single(other => (other.First, other.Second) == pair).Effect!;
            Assert.Equal(effect, found.Value, 0.02);
            Assert.True(found.IsSignificant);
        }
    }

    [Fact]
    public void Interactions_ThatModulesAloneDecide_AreNone()
    {
        // With two of three skipped, skipping 0 and 1 together is keeping 2: a pair has nothing of its own.
        var pairs = new SimulatedSearch { Effects = [0.1, 0, -0.1], Skip = 2, Rounds = 50 }.Analyse().Interactions();
        Assert.All(pairs, pair => Assert.Null(pair.Effect));
        Assert.Equal(300, pairs.Sum(pair => pair.Together) * 2);
    }

    [Fact]
    public void Evidence_OfManyRounds_IsKeptInBlocks_ThatLoseNothing()
    {
        var effects = SimulatedSearch.DrawEffects(6, 0.05, 4);
        var search = new SimulatedSearch { Effects = effects, Skip = 2, Rounds = (2 * RewardSums.MostBlocks) + 77 };
        var all = search.Analyse();
        Assert.InRange(all.Rewards.Blocks.Count, RewardSums.MostBlocks / 2, RewardSums.MostBlocks);
        Assert.Equal(2 * search.Rounds, all.Rewards.Blocks.Sum(block => block.Comparisons));
        Assert.Equal(3 * search.Rounds, all.Rewards.Evaluations);

        // One block a round gives the same estimates and, but for chance, the same errors.
        var single = search.Run().Chunk(RewardSums.MostBlocks).SelectMany(chunk => RewardSums.Of(6, chunk).Blocks).ToList();
        Assert.Equal(search.Rounds, single.Count);
        var (finely, coarsely) = (RoundRegression.Fit(single, 6)!, RoundRegression.Fit(all.Rewards.Blocks, 6)!);
        for (var module = 1; module < 6; module++)
        {
            var weights = new DenseVector(6) { [0] = 1, [module] = -1 };
            var (fine, coarse) = (finely.Contrast(weights, 0.95)!, coarsely.Contrast(weights, 0.95)!);
            Assert.Equal(fine.Value, coarse.Value, 10);
            Assert.InRange(coarse.StandardError / fine.StandardError, 0.8, 1.25);
        }
    }

    public static TheoryData<string> Barren => [.. Edges.Keys];

    [Theory]
    [MemberData(nameof(Barren))]
    public void Analysis_WithoutEnoughEvidence_SaysSoByNulls(string edge)
    {
        var (modules, rounds) = Edges[edge];
        var analysis = Analyse(modules, [.. rounds]);
        Assert.All(analysis.Layers, layer => Assert.Null(layer.Importance));
        Assert.All(analysis.Interactions(), pair => Assert.Null(pair.Effect));
        Assert.Null(analysis.SplitHalf());
        Assert.Null(analysis.LeastImportant(0));
        Assert.Null(analysis.Judge(Subnetwork.Whole(modules)));
    }

    [Fact]
    public void Analysis_OfEqualRewards_RanksNothing()
    {
        var rounds = new SimulatedSearch { Effects = new double[6], Skip = 2, Rounds = 50, Drift = 0, Noise = (_, _) => 0 };
        var analysis = rounds.Analyse();
        Assert.All(analysis.Layers, layer => Assert.Equal((0, 0, 0, 1), Ends(layer.Importance!)));
        Assert.False(analysis.CanRank);
        Assert.Null(analysis.SplitHalf());
        Assert.Null(analysis.Judge(Subnetwork.Whole(6)));

        static (double, double, double, double) Ends(Estimate told) => (told.Value, told.Lower, told.Upper, told.PValue);
    }

    [Fact]
    public void Analysis_OfAModuleThatIsNeverSkipped_ComparesTheOthers()
    {
        var inner = new SimulatedSearch { Effects = [0.1, -0.1, 0.05, 0, -0.05], Skip = 2, Rounds = 60 };
        var analysis = Analyse(6, [.. inner.Run().Select(WithOneModuleMore)]);

        Assert.Null(analysis.Layers[5].Importance);
        Assert.All(inner.Analyse().Layers.Zip(analysis.Layers), pair => AssertSame(pair.First.Importance, pair.Second.Importance, 1e-12));
        Assert.Null(analysis.Judge(new Subnetwork(6, [0, 1])));
    }

    [Fact]
    public void Analysis_OfAModuleThatOneRoundAloneSkips_LeavesItOut()
    {
        var inner = new SimulatedSearch { Effects = [0.1, -0.1, 0.05, 0, -0.05], Skip = 2, Rounds = 60 };
        var rounds = inner.Run().Select(WithOneModuleMore)
            .Append([Rewards.Of("0,5", 6, 0.9), Rewards.Of("0,1", 6, 0.8), Rewards.Of("2,3", 6, 1)]);
        var analysis = Analyse(6, [.. rounds]);
        Assert.Equal([true, true, true, true, true, false], analysis.Layers.Select(layer => layer.Importance is not null));
    }

    [Fact]
    public void Analysis_OfAnyEvidence_HasNumbersOrNothing() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var random = new SeededRandom(seed);
            var modules = random.Next(0, 7);
            var rounds = Enumerable.Range(0, random.Next(0, 25)).Select(_ => (IReadOnlyList<Evaluation>)
                [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Any(modules, random))]).ToArray();
            var analysis = Analyse(modules, rounds);
            var estimates = analysis.Layers.Select(layer => layer.Importance).Concat(analysis.Interactions().Select(pair => pair.Effect));
            var choice = analysis.LeastImportant(modules / 2) is { } least ? analysis.Judge(least) : null;
            var half = analysis.SplitHalf();
            return estimates.All(IsSound)
                && (half is null || half is { Correlation: >= -1 and <= 1, Reliability: >= 0 and <= 1 })
                && (choice is null || Math.Abs(choice.AmongLeast.Sum() - (modules / 2)) < 1e-9);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Analysis_OfModulesInAnotherOrder_IsTheSameInThatOrder() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            const int Modules = 5;
            int[] order = [3, 0, 4, 1, 2];
            var effects = SimulatedSearch.DrawEffects(Modules, 0.05, seed);
            var search = new SimulatedSearch { Effects = effects, Skip = 2, Rounds = 25, Seed = seed };
            var rounds = search.Run().Select(round => (IReadOnlyList<Evaluation>)[.. round.Reverse().Select(Reorder)]);
            var (one, other) = (search.Analyse(), Analyse(Modules, [.. rounds]));
            var pairs = other.Interactions().ToDictionary(pair => (pair.First, pair.Second));
            return one.Layers.All(layer => IsSame(layer.Importance, other.Layers[order[layer.Module]].Importance, 1e-9))
                && one.Interactions().All(pair => IsSame(pair.Effect, pairs[Place(order[pair.First], order[pair.Second])].Effect, 1e-9));

            Evaluation Reorder(Evaluation evaluation) =>
                Rewards.Of(new Subnetwork(Modules, evaluation.Subnetwork.Skipped.Select(i => order[i])), evaluation.Reward!.Value);
            static (int, int) Place(int one, int other) => (Math.Min(one, other), Math.Max(one, other));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void New_ConfidenceOutOfRange_Throws(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImportanceAnalysis(RewardSums.Of(2, []), confidence));

    [Fact]
    public void New_SubnetworkOfAnotherBackbone_Throws()
    {
        Assert.Throws<ArgumentException>(() => RewardSums.Of(3, [[Rewards.Of("0", 2, 1)]]));
        Assert.Throws<ArgumentException>(() => Analyse(3).Judge(Subnetwork.Whole(2)));
    }

    private static Dictionary<string, (int Modules, IReadOnlyList<Evaluation>[] Rounds)> Edges => new()
    {
        ["no modules"] = (0, []),
        ["one module"] = (1, Repeat(_ => [Rewards.Of("0", 1, 1), Rewards.Of("-", 1, 0.5)])),
        ["no rounds"] = (12, []),
        ["one round"] = (3, [Each(0.5, 0.3, 0.1)]),
        ["two rounds"] = (3, [Each(0.5, 0.3, 0.1), Each(0.4, 0.4, 0.2)]),
        ["one candidate a round"] = (3, Repeat(i => [Rewards.Of($"{i % 3}", 3, i)])),
        ["all cancelled"] = (3, Repeat(i => [Rewards.Unscored($"{i % 3}", 3, EvaluationOutcome.Cancelled)])),
        ["none skipped"] = (3, Repeat(i => [Rewards.Of("-", 3, i), Rewards.Of("-", 3, 1)])),
        ["all skipped"] = (3, Repeat(i => [Rewards.Of("0,1,2", 3, i), Rewards.Of("0,1,2", 3, 1)])),
    };

    private static IReadOnlyList<Evaluation>[] Repeat(Func<int, IReadOnlyList<Evaluation>> round) =>
        [.. Enumerable.Range(0, 30).Select(round)];

    private static IReadOnlyList<Evaluation> WithOneModuleMore(IReadOnlyList<Evaluation> round) => [.. round.Select(evaluation =>
        Rewards.Of(new Subnetwork(evaluation.Subnetwork.Modules + 1, evaluation.Subnetwork.Skipped), evaluation.Reward!.Value))];

    private static IReadOnlyList<Evaluation> Each(params double[] rewards) =>
        [.. rewards.Select((reward, module) => Rewards.Of(new Subnetwork(rewards.Length, [module]), reward))];

    private static ImportanceAnalysis Analyse(int modules, params IReadOnlyList<Evaluation>[] rounds) =>
        new(RewardSums.Of(modules, rounds));

    private static Evaluation Any(int modules, SeededRandom random)
    {
        var skipped = new Subnetwork(modules, Enumerable.Range(0, modules).Where(_ => random.Next(3) == 0));
        return random.Next(10) switch
        {
            0 => Rewards.Unscored(skipped.ToString(), modules, EvaluationOutcome.Diverged),
            1 => Rewards.Unscored(skipped.ToString(), modules, EvaluationOutcome.Cancelled),
            _ => Rewards.Of(skipped, random.Next(4) / 4.0),
        };
    }

    private static bool IsSound(Estimate? estimate) =>
        estimate is null
        || (new[] { estimate.Value, estimate.StandardError, estimate.DegreesOfFreedom, estimate.Lower, estimate.Upper }.All(double.IsFinite)
            && estimate.StandardError >= 0
            && estimate.Lower <= estimate.Value
            && estimate.Value <= estimate.Upper
            && estimate.PValue is >= 0 and <= 1);

    private static bool IsSame(Estimate? one, Estimate? other, double tolerance) =>
        one is null
            ? other is null
            : other is not null
                && Math.Abs(one.Value - other.Value) < tolerance
                && Math.Abs(one.StandardError - other.StandardError) < tolerance
                && Math.Abs(one.DegreesOfFreedom - other.DegreesOfFreedom) < 1e-4;

    private static void AssertSame(Estimate? one, Estimate? other, double tolerance) =>
        Assert.True(IsSame(one, other, tolerance), $"{one} and {other} differ");
}
