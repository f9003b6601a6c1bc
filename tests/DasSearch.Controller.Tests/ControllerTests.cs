using System.Reflection;
using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller.Tests;

/// <summary>What every controller must do; a subclass for each, which a test below demands.</summary>
public abstract class ControllerTests
{
    private const int Modules = 12;

    private static readonly Dictionary<string, SkipSpace> _spaces = new()
    {
        ["never the ends, none beside another"] =
            new SkipSpace([.. Enumerable.Repeat("fused", Modules)], SkipTarget.Modules(4), new([0, 11], MostInARow: 1)),
        ["two streams, four of each kept"] =
            new SkipSpace([.. Enumerable.Range(0, Modules).Select(i => i < 6 ? "text" : "image")], SkipTarget.Modules(3), new([], KeptPerStream: 4)),
        ["a fifth of the cost"] =
            new SkipSpace([.. Enumerable.Repeat("fused", Modules)], SkipTarget.Saving(36, [.. Enumerable.Range(0, Modules).Select(i => i % 2 == 0 ? 10L : 20)]), new([1])),
    };

    public static TheoryData<string> Spaces => [.. _spaces.Keys];

    protected abstract string Name { get; }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 12)]
    [InlineData(4, 3)]
    [InlineData(6, 5)]
    [InlineData(11, 12)]
    [InlineData(12, 1)]
    [InlineData(0, 1)]
    public void Propose_AnySkip_GivesDistinctSetsOfThatSize(int skip, int count)
    {
        var controller = Create(skip);
        for (var round = 0; round < 20; round++)
        {
            var proposals = controller.Propose(count, SeededRandom.Derive(1, "controller", round));
            Assert.Equal(count, proposals.Count);
            Assert.Equal(count, proposals.Distinct().Count());
            Assert.All(proposals, proposal => Assert.Equal((Modules, skip), (proposal.Modules, proposal.Count)));
            controller.Observe([.. proposals.Select(proposal => Scored(proposal, proposal.Contains(3) ? 0.1 : 2))]);
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(12, 2)]
    [InlineData(11, 13)]
    [InlineData(2, 67)]
    public void Propose_MoreThanThereAre_Throws(int skip, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(skip).Propose(count, new SeededRandom(0)));

    [Fact]
    public void Propose_NoneAtAll_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(4).Propose(0, new SeededRandom(0)));

    [Fact]
    public void Propose_AllThereAre_ListsThemAll()
    {
        var controller = Create(2);
        Learn(controller, rounds: 30);
        var all = controller.Propose(66, new SeededRandom(1));
        Assert.Equal(Combinations.All(Modules, 2), all.Order());
    }

    [Fact]
    public void Run_SameSeed_IsTheSame_OtherSeed_IsNot()
    {
        var (first, second, other) = (Create(4), Create(4), Create(4));
        var proposals = Learn(first, rounds: 25);
        Assert.Equal(proposals, Learn(second, rounds: 25));
        Assert.Equal(first.Snapshot(), second.Snapshot());
        Assert.NotEqual(proposals, Learn(other, rounds: 25, seed: 2));
    }

    [Fact]
    public void Propose_ChangesNothingButTheStream()
    {
        var controller = Create(4);
        Learn(controller, rounds: 5);
        var before = controller.Snapshot();
        controller.Propose(5, new SeededRandom(1));
        Assert.Equal(before, controller.Snapshot());
    }

    [Fact]
    public void Restore_FromASnapshot_GoesOnAsIfNeverInterrupted()
    {
        var whole = Create(4);
        var expected = Learn(whole, rounds: 30);

        var first = Create(4);
        Learn(first, rounds: 11);
        var state = first.Snapshot();
        Learn(first, rounds: 3); // what comes later must not reach a snapshot taken before
        var second = Create(4);
        second.Restore(state);

        Assert.Equal(state, second.Snapshot());
        Assert.Equal(expected.Skip(11 * 3), Learn(second, rounds: 30, from: 11));
        Assert.Equal(whole.Snapshot(), second.Snapshot());
    }

    [Fact]
    public void Restore_OfAnother_Throws()
    {
        var controller = Create(4);
        var otherCount = new ControllerState(Name, new double[7], new double[7]);
        var otherName = new ControllerState("someone-else", new double[Modules], new double[Modules]);
        Assert.Contains("7", Assert.Throws<ArgumentException>(() => controller.Restore(otherCount)).Message, StringComparison.Ordinal);
        Assert.Contains("someone-else", Assert.Throws<ArgumentException>(() => controller.Restore(otherName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Observe_OtherModuleCount_ThrowsAndLearnsNothing()
    {
        var controller = Create(4);
        var before = controller.Snapshot();
        var round = new[] { Scored(new(Modules, [0, 1, 2, 3]), 1), Scored(new(7, [0, 1, 2, 3]), 2) };
        Assert.Throws<ArgumentException>(() => controller.Observe(round));
        Assert.Equal(before, controller.Snapshot());
    }

    [Fact]
    public void Observe_WithoutAnyScore_KeepsEverythingFinite()
    {
        var controller = Create(4);
        for (var round = 0; round < 10; round++)
        {
            var proposals = controller.Propose(3, SeededRandom.Derive(1, "controller", round));
            controller.Observe([
                Evaluation.OfLoss(proposals[0], double.NaN, 1, ValidationMode.Eval, "b"),
                Evaluation.Unscored(proposals[1], EvaluationOutcome.Failed, 1, ValidationMode.Eval, "b", "out of memory"),
                Evaluation.Unscored(proposals[2], EvaluationOutcome.Cancelled, 1, ValidationMode.Eval, "b", null),
            ]);
        }

        controller.Observe([]);
        var state = controller.Snapshot(); // a state with a number that is not finite cannot be made
        Assert.Equal((Name, Modules), (state.Controller, state.Modules));
    }

    [Fact]
    public void PlantedProblem_WithUselessModules_IsSolved()
    {
        int[] useless = [1, 4, 6, 9];
        var controller = Create(4);
        for (var round = 0; round < 2000; round++)
        {
            // Every module but the useless ones costs when skipped, and scores are noisy.
            var proposals = controller.Propose(3, SeededRandom.Derive(5, "controller", round));
            var noise = SeededRandom.Derive(5, "noise", round);
            controller.Observe([.. proposals.Select(proposal =>
                Scored(proposal, proposal.Skipped.Sum(i => useless.Contains(i) ? 0 : 0.4) + (0.2 * noise.NextDouble())))]);
        }

        Assert.Equal(new Subnetwork(Modules, useless), controller.Recommend());
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Run_InASpaceWithRules_KeepsThem_AndRestoresExactly(string name)
    {
        var space = _spaces[name];
        var (controller, second) = (ControllerTable.Create(Name, new(space)), ControllerTable.Create(Name, new(space)));
        for (var round = 0; round < 60; round++)
        {
            var proposals = controller.Propose(3, SeededRandom.Derive(7, "controller", round));
            Assert.Equal(3, proposals.Distinct().Count());
            Assert.All(proposals, proposal => Assert.True(space.Contains(proposal), proposal.ToString()));
            controller.Observe([.. proposals.Select(proposal => Scored(proposal, proposal.Skipped.Sum() / 10.0))]);
            second.Restore(controller.Snapshot());
            Assert.Equal(controller.Snapshot(), second.Snapshot());
            Assert.True(space.Contains(controller.Recommend()), controller.Recommend().ToString());
            Assert.Equal(controller.Recommend(), second.Recommend());
        }

        var all = (int)space.Count;
        Assert.Equal(space.All().Order(), controller.Propose(all, new SeededRandom(1)).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => controller.Propose(all + 1, new SeededRandom(1)));
    }

    [Fact]
    public void Recommend_IsOfTheSpace_EvenOfAnother_AndChangesNothing()
    {
        var controller = Create(4);
        Assert.Equal(4, controller.Recommend().Count);
        for (var round = 0; round < 40; round++)
        {
            Learn(controller, round + 1, from: round);
            var before = controller.Snapshot();
            Assert.Equal((Modules, 4), (controller.Recommend().Modules, controller.Recommend().Count));
            Assert.Equal(controller.Recommend(), controller.Recommend(SkipSpace.Of(Modules, 4)));
            Assert.All(Enumerable.Range(0, Modules + 1), skip => Assert.Equal(skip, controller.Recommend(SkipSpace.Of(Modules, skip)).Count));
            Assert.All(_spaces.Values, space => Assert.True(space.Contains(controller.Recommend(space))));
            Assert.Equal(before, controller.Snapshot());
        }
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void PlantedProblem_InASpaceWithRules_IsSolved(string name)
    {
        var space = _spaces[name];
        double[] costs = [0.0, 0.1, 0.9, 0.2, 0.9, 0.1, 0.9, 0.9, 0.3, 0.2, 0.9, 0.8];
        double Loss(Subnetwork set) => set.Skipped.Sum(i => costs[i]);
        var controller = ControllerTable.Create(Name, new(space));
        for (var round = 0; round < 800; round++)
        {
            var proposals = controller.Propose(3, SeededRandom.Derive(5, "controller", round));
            var noise = SeededRandom.Derive(5, "noise", round);
            controller.Observe([.. proposals.Select(proposal => Scored(proposal, Loss(proposal) + (0.1 * noise.NextDouble())))]);
        }

        // Among the best fifth: rules leave near ties, and a population never quite settles.
        var better = space.All().Count(set => Loss(set) < Loss(controller.Recommend()) - 1e-9);
        Assert.True(better <= space.Count / 5, $"{better} of {space.Count} are better");
    }

    [Fact]
    public void Create_NoModuleAtAll_ProposesTheEmptySet() =>
        Assert.Equal([Subnetwork.Whole(0)], ControllerTable.Create(Name, new(0, 0)).Propose(1, new SeededRandom(0)));

    [Fact]
    public void Case26_FewestCandidates_AreThoseFromWhichOnRewardsMakeADifference()
    {
        var least = Create(2).LeastCandidates;
        Assert.NotEqual(After(least, 0.1), After(least, -0.1));
        Assert.Equal(After(least - 1, 0.1), After(least - 1, -0.1));
        Assert.StartsWith(
            $"controller.candidates must be at least {least} for {Name}, ",
            Assert.Throws<Core.Configuration.ConfigException>(() => ControllerTable.Create(Name, new(Modules, 2), least - 1)).Message,
            StringComparison.Ordinal);
        Assert.NotNull(ControllerTable.Create(Name, new(Modules, 2), least));

        ControllerState After(int candidates, double slope)
        {
            var controller = Create(2);
            for (var round = 0; round < 30; round++)
            {
                var proposals = controller.Propose(candidates, SeededRandom.Derive(3, "controller", round));
                controller.Observe([.. proposals.Select(proposal => Scored(proposal, 2 + (slope * proposal.Skipped.Sum())))]);
            }

            return controller.Snapshot();
        }
    }

    private static Evaluation Scored(Subnetwork subnetwork, double loss) =>
        Evaluation.OfLoss(subnetwork, loss, 1, ValidationMode.Eval, "b");

    private static List<Subnetwork> Learn(IController controller, int rounds, long seed = 1, int from = 0)
    {
        var all = new List<Subnetwork>();
        for (var round = from; round < rounds; round++)
        {
            var proposals = controller.Propose(3, SeededRandom.Derive(seed, "controller", round));
            controller.Observe([.. proposals.Select(proposal => Scored(proposal, proposal.Skipped.Sum() / 10.0))]);
            all.AddRange(proposals);
        }

        return all;
    }

    private IController Create(int skip) => ControllerTable.Create(Name, new(Modules, skip));
}

public sealed class DasControllerTests : ControllerTests
{
    protected override string Name => "das";
}

public sealed class RandomControllerTests : ControllerTests
{
    protected override string Name => "random";
}

public sealed class GreedyControllerTests : ControllerTests
{
    protected override string Name => "greedy";
}

public sealed class EvolutionControllerTests : ControllerTests
{
    protected override string Name => "evolution";
}

public sealed class ThompsonControllerTests : ControllerTests
{
    protected override string Name => "thompson";

    [Fact]
    public void PlantedProblem_OfModulesThatStandInForEachOther_IsSolved()
    {
        // Each of the first four is all but useless while another of them is left, so that no sum over modules tells which to skip.
        static double Loss(Subnetwork set) => (0.1 * set.Skipped.Count(i => i < 4)) + (0.3 * set.Skipped.Count(i => i >= 4))
            + (set.Contains(0) && set.Contains(1) ? 1 : 0) + (set.Contains(2) && set.Contains(3) ? 1 : 0);
        var settings = new ControllerSettings(8, 3);
        var controller = ControllerTable.Create(Name, settings);
        for (var round = 0; round < 150; round++)
        {
            var proposals = controller.Propose(3, SeededRandom.Derive(5, "controller", round));
            var noise = SeededRandom.Derive(5, "noise", round);
            controller.Observe([.. proposals.Select(set => Evaluation.OfLoss(set, Loss(set) + (0.1 * noise.NextDouble()), 1, ValidationMode.Eval, "b"))]);
        }

        Assert.Equal(settings.Space.All().Min(Loss), Loss(controller.Recommend()), 1e-9);

        // Of another size, too, by what it knows of pairs.
        var fewer = SkipSpace.Of(8, 2);
        Assert.Equal(fewer.All().Min(Loss), Loss(controller.Recommend(fewer)), 1e-9);
    }

    [Fact]
    public void Recommend_FromAsManySubnetworksAsCannotBeListed_StillKnowsPairs()
    {
        // 2,024 are listed, of the larger space 735,471 are not. 0 and 1 stand in for each other.
        static double Loss(Subnetwork set) => set.Skipped.Sum(i => 0.01 * i) + (set.Contains(0) && set.Contains(1) ? 1 : 0);
        var controller = ControllerTable.Create(Name, new(24, 3));
        for (var round = 0; round < 150; round++)
        {
            var proposals = SkipSpace.Of(24, 3);
            controller.Observe([.. Enumerable.Range(0, 3).Select(i => proposals.Draw(SeededRandom.Derive(5, "draw", (3 * round) + i)))
                .Select(set => Evaluation.OfLoss(set, Loss(set), 1, ValidationMode.Eval, "b"))]);
        }

        var chosen = controller.Recommend(SkipSpace.Of(24, 8));
        Assert.Equal(8, chosen.Count);
        Assert.Equal(1, chosen.Skipped.Count(i => i < 2));
    }
}

public sealed class ComboUcbControllerTests : ControllerTests
{
    protected override string Name => "combucb";
}

public sealed class HalvingControllerTests : ControllerTests
{
    protected override string Name => "halving";
}

public sealed class ExhaustiveControllerTests : ControllerTests
{
    protected override string Name => "exhaustive";
}

public sealed class ControllerTableTests
{
    [Fact]
    public void EveryController_HasASuite()
    {
        var suites = typeof(ControllerTests).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ControllerTests)) && !type.IsAbstract)
            .Select(type => (string)type
                .GetProperty("Name", BindingFlags.Instance | BindingFlags.NonPublic)!
                .GetValue(Activator.CreateInstance(type))!);
        Assert.Equal(ControllerTable.Names.Order(), suites.Order());
    }

    [Fact]
    public void EveryController_IsInTheTable()
    {
        var types = typeof(IController).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IController)) && !type.IsInterface);
        var made = ControllerTable.Names.Select(name => ControllerTable.Create(name, new(3, 1)).GetType());
        Assert.Equal(types.OrderBy(type => type.Name), made.OrderBy(type => type.Name));
    }

    [Fact]
    public void Create_UnknownName_ListsTheValidOnes()
    {
        var failure = Assert.Throws<Core.Configuration.ConfigException>(() => ControllerTable.Create("dsa", new(12, 4)));
        Assert.Equal("controller.name must be one of das, random, greedy, evolution, thompson, combucb, halving, exhaustive, not 'dsa'", failure.Message);
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(12, -1, 1)]
    [InlineData(12, 13, 1)]
    [InlineData(12, 4, 0)]
    [InlineData(12, 4, double.NaN)]
    [InlineData(12, 4, double.PositiveInfinity)]
    public void Settings_OutOfRange_Throw(int modules, int skip, double learningRate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ControllerSettings(modules, skip, learningRate));
}
