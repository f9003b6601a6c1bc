using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller.Tests;

/// <summary>Sampling without replacement follows the right distribution; seeds are fixed, so these cannot flicker.</summary>
public sealed class DistinctSamplerTests
{
    private static readonly double[] Weights = [0.9, 0.5, 0.7, 0.1, 0.3];

    /// <summary>By hand: with weights 1, 2 and 3, {0, 1} comes up by 1/6·2/5 + 2/6·1/4 = 3/20.</summary>
    [Fact]
    public void Probability_HandComputed_IsThis()
    {
        double[] weights = [1, 2, 3];
        Assert.Equal(3 / 20.0, Probability(weights, new(3, [0, 1])), 1e-15);
        Assert.Equal((1 / 6.0 * 3 / 5) + (3 / 6.0 * 1 / 3), Probability(weights, new(3, [0, 2])), 1e-15);
        Assert.Equal(1, Probability(weights, new(3, [0, 1, 2])), 1e-15);
        Assert.Equal(1, Probability(weights, Subnetwork.Whole(3)), 1e-15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Probability_OverAllSets_AddsUpTo1AndIsTheSumOverOrders(int skip)
    {
        var sets = Combinations.All(Weights.Length, skip).ToList();
        Assert.Equal(1, sets.Sum(set => Probability(Weights, set)), 1e-14);
        Assert.All(sets, set => Assert.Equal(OverOrders(set.Skipped, Weights.Sum()), Probability(Weights, set), 1e-14));
    }

    // Limits are the 99.9th percentiles of chi-square with as many degrees of freedom as there are sets, less one.
    [Theory]
    [InlineData(1, 18.47)]
    [InlineData(2, 27.88)]
    [InlineData(3, 27.88)]
    [InlineData(4, 18.47)]
    public void Draw_ManyTimes_FollowsTheEnumeratedProbabilities(int skip, double limit)
    {
        const int Draws = 100_000;
        var random = new SeededRandom(7);
        var counts = Count(Draws, () => Draw(Weights, skip, 1, random)[0]);
        var expected = Combinations.All(Weights.Length, skip)
            .ToDictionary(set => set, set => Draws * Probability(Weights, set));
        Assert.InRange(ChiSquare(counts, expected), 0, limit);
    }

    [Fact]
    public void Draw_EqualWeights_IsUniform()
    {
        const int Draws = 100_000;
        var random = new SeededRandom(8);
        var counts = Count(Draws, () => Draw([1, 1, 1, 1, 1, 1], 3, 1, random)[0]);
        var expected = Combinations.All(6, 3).ToDictionary(set => set, _ => Draws / 20.0);
        Assert.InRange(ChiSquare(counts, expected), 0, 43.82);
    }

    [Fact]
    public void Draw_ASecondOne_FollowsTheProbabilitiesWithoutTheFirst()
    {
        const int Draws = 100_000;
        var random = new SeededRandom(9);
        var pairs = Count(Draws, () => string.Join('|', Draw(Weights, 2, 2, random)));
        var sets = Combinations.All(Weights.Length, 2).ToDictionary(set => set, set => Probability(Weights, set));
        var expected = (
            from first in sets
            from second in sets
            where first.Key != second.Key
            select (Key: $"{first.Key}|{second.Key}", Value: Draws * first.Value * second.Value / (1 - first.Value)))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.InRange(ChiSquare(pairs, expected), 0, 135.98); // 89 degrees of freedom
    }

    [Fact]
    public void Draw_OneSetHoldsAllTheProbability_ListsTheOthersInProportion()
    {
        // {0, 1} comes up in all but a few of 10¹² draws, so the second set has to come from the list.
        const int Draws = 30_000;
        double[] weights = [1, 1, 1e-12, 3e-12];
        var random = new SeededRandom(10);
        var seconds = Count(Draws, () => Draw(weights, 2, 2, random)[1]);
        var chances = Combinations.All(4, 2).Where(set => set != new Subnetwork(4, [0, 1]))
            .ToDictionary(set => set, set => Probability(weights, set));
        var expected = chances.ToDictionary(pair => pair.Key, pair => Draws * pair.Value / chances.Values.Sum());
        expected.Remove(new Subnetwork(4, [2, 3])); // far too rare to be seen
        Assert.InRange(ChiSquare(seconds, expected), 0, 16.27);
    }

    [Theory]
    [InlineData(12, 4)]
    [InlineData(12, 11)]
    [InlineData(24, 12)]
    [InlineData(64, 32)]
    [InlineData(64, 63)]
    [InlineData(200, 1)]
    public void Draw_WeightsBeyondReason_StillEndsWithDistinctSets(int modules, int skip)
    {
        var weights = Enumerable.Range(0, modules).Select(i => i < skip ? 1.0 : 1e-304).ToArray();
        var count = (int)Math.Min(60, Combinations.Count(modules, skip));
        var drawn = Draw(weights, skip, count, new SeededRandom(1));
        Assert.Equal(count, drawn.Distinct().Count());
        Assert.All(drawn, set => Assert.Equal(skip, set.Count));
    }

    [Fact]
    public void Draw_AllSetsOfWeightsBeyondReason_ListsThemAll()
    {
        double[] weights = [1, 1, 1e-304, 1e-304, 1e-304];
        Assert.Equal(Combinations.All(5, 3), Draw(weights, 3, 10, new SeededRandom(1)).Order());
    }

    [Fact]
    public void Draw_WithinRules_FollowsItsProbabilities()
    {
        var space = new SkipSpace(["a", "a", "b", "b", "b", "b"], SkipTarget.Saving(5, [3, 2, 3, 2, 3, 1]), new([0], KeptPerStream: 1, MostInARow: 2));
        double[] weights = [0.5, 0.2, 0.9, 0.4, 0.1, 0.6];
        var sets = space.All().ToList();
        var chances = DistinctSampler.Probabilities(weights, space, sets);
        Assert.Equal(1, chances.Sum(), 1e-12);

        const int Draws = 20_000;
        var random = new SeededRandom(3);
        var counts = Count(Draws, () => DistinctSampler.Draw(weights, space, 1, random)[0]);
        var expected = sets.Zip(chances).ToDictionary(pair => pair.First, pair => Draws * pair.Second);
        Assert.InRange(ChiSquare(counts, expected), 0, 2.5 * sets.Count + 10);
    }

    private static double Probability(double[] weights, Subnetwork set) =>
        DistinctSampler.Probabilities(weights, SkipSpace.Of(weights.Length, set.Count), [set])[0];

    private static IReadOnlyList<Subnetwork> Draw(double[] weights, int skip, int count, Random random) =>
        DistinctSampler.Draw(weights, SkipSpace.Of(weights.Length, skip), count, random);

    private static double OverOrders(IReadOnlyList<int> members, double left) =>
        members.Count == 0
            ? 1
            : members.Sum(first => Weights[first] / left * OverOrders([.. members.Where(i => i != first)], left - Weights[first]));

    private static Dictionary<T, int> Count<T>(int draws, Func<T> draw)
        where T : notnull =>
        Enumerable.Range(0, draws).Select(_ => draw()).GroupBy(value => value).ToDictionary(group => group.Key, group => group.Count());

    private static double ChiSquare<T>(Dictionary<T, int> counts, Dictionary<T, double> expected)
        where T : notnull
    {
        Assert.Subset(expected.Keys.ToHashSet(), counts.Keys.ToHashSet());
        return expected.Sum(pair => Math.Pow(counts.GetValueOrDefault(pair.Key) - pair.Value, 2) / pair.Value);
    }
}
