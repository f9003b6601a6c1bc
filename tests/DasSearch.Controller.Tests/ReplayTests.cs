using DasSearch.Core;
using DasSearch.Core.Configuration;

namespace DasSearch.Controller.Tests;

/// <summary>Controllers against a made-up truth: skipping module i adds i/10 to the loss, and each sample has noise of its own.</summary>
public sealed class ReplayTests
{
    private const int Modules = 8;
    private const int Samples = 512;

    private static readonly ExhaustiveTable _table = Make();

    public static TheoryData<string> Learners => [.. ControllerTable.Names.Where(name => name != RandomController.Name)];

    [Theory]
    [MemberData(nameof(Learners))]
    public void Run_OfALearner_EndsAmongTheBest(string controller)
    {
        var ranks = Enumerable.Range(0, 5).Select(seed => _table.RankOf(Choices(controller, 400, seed, BatchPolicy.Fresh)[^1])).ToList();
        Assert.InRange(ranks.Average(), 1, 3); // of 56
    }

    [Fact]
    public void Run_OfAController_RepeatsItselfBySeed()
    {
        Assert.Equal(Choices("thompson", 20, 1, BatchPolicy.Fresh), Choices("thompson", 20, 1, BatchPolicy.Fresh));
        Assert.NotEqual(Choices("thompson", 20, 1, BatchPolicy.Fresh), Choices("thompson", 20, 2, BatchPolicy.Fresh));
        Assert.NotEqual(Choices("das", 200, 1, BatchPolicy.Fresh), Choices("das", 200, 1, BatchPolicy.Fixed));
        Assert.All(Choices("das", 20, 1, BatchPolicy.Fresh), choice => Assert.Equal(3, choice.Count));
    }

    [Fact]
    public void Run_WithAStopRule_SaysWhenItIsSure()
    {
        ReplayedSearch Run(double tolerance) =>
            new Replay(_table, candidates: 3, BatchPolicy.Fresh, stop: new() { Error = 0.05, Tolerance = tolerance }).Run("thompson", 150, seed: 1);

        var (soon, later) = (Run(0.1), Run(0.01));
        Assert.InRange(soon.Stopped!.Value, 3, later.Stopped ?? 150);
        Assert.True(_table.RewardRegretOf(soon.Choices[soon.Stopped.Value - 1]) <= 0.1);
        Assert.Equal(Choices("thompson", 150, 1, BatchPolicy.Fresh), soon.Choices);
    }

    [Fact]
    public void Run_OfNoController_SaysWhichThereAre() =>
        Assert.Throws<ConfigException>(() => Choices("ucb", 1, 0, BatchPolicy.Fixed));

    private static IReadOnlyList<Subnetwork> Choices(string controller, int rounds, long seed, BatchPolicy policy) =>
        new Replay(_table, candidates: 3, policy).Run(controller, rounds, seed).Choices;

    private static ExhaustiveTable Make() => new(
        [
            .. Combinations.All(Modules, 3).Select((set, i) =>
            {
                var noise = SeededRandom.Derive(i, "noise");
                return new ExhaustiveScore(
                    set, 0, [.. Enumerable.Range(0, Samples).Select(_ => (float)(1 + (set.Skipped.Sum() / 10.0) + (0.4 * noise.NextDouble())))]);
            }),
        ],
        batchSize: 64);
}
