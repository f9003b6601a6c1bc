using DasSearch.Core.Plans;
using DasSearch.Core.Spaces;

namespace DasSearch.Core.Tests;

/// <summary>Nouns refuse what cannot be when they are built.</summary>
public sealed class NounTests
{
    private static readonly Subnetwork Skipped = new(3, [1]);

    [Fact]
    public void Evaluation_OfLoss_HasRewardExpMinusLoss()
    {
        var evaluation = Evaluation.OfLoss(Skipped, 2, 5, ValidationMode.Eval, "val:0");
        Assert.Equal((EvaluationOutcome.Scored, 2, Math.Exp(-2), Math.Exp(-2)), (evaluation.Outcome, evaluation.Loss, evaluation.Reward, evaluation.Credit));
        Assert.Equal(0, Evaluation.OfLoss(Skipped, 3000, 5, ValidationMode.Eval, "b").Reward);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-1000.0)]
    public void Evaluation_OfALossWithoutFiniteReward_HasDiverged(double loss)
    {
        var evaluation = Evaluation.OfLoss(Skipped, loss, 5, ValidationMode.Train, "b");
        Assert.Equal((EvaluationOutcome.Diverged, null, null, 0), (evaluation.Outcome, evaluation.Loss, evaluation.Reward, evaluation.Credit));
        Assert.StartsWith("the loss is ", evaluation.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_Cancelled_CountsForNothing() =>
        Assert.Null(Evaluation.Unscored(Skipped, EvaluationOutcome.Cancelled, 0, ValidationMode.Eval, "b", null).Credit);

    [Fact]
    public void Evaluation_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluation.Scored(Skipped, double.NaN, 1, 1, ValidationMode.Eval, "b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluation.Scored(Skipped, 1, double.NaN, 1, ValidationMode.Eval, "b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluation.Scored(Skipped, 1, -1, 1, ValidationMode.Eval, "b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluation.OfLoss(Skipped, 1, -1, ValidationMode.Eval, "b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluation.OfLoss(Skipped, 1, double.NaN, ValidationMode.Eval, "b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluation.OfLoss(Skipped, 1, 1, (ValidationMode)7, "b"));
        Assert.Throws<ArgumentException>(() => Evaluation.OfLoss(Skipped, 1, 1, ValidationMode.Eval, " "));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluation.Unscored(Skipped, EvaluationOutcome.Scored, 1, ValidationMode.Eval, "b", null));
    }

    [Fact]
    public void ModuleInfo_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModuleInfo(-1, "m", ModuleKind.Whole, "fused", 0, 0));
        Assert.Throws<ArgumentException>(() => new ModuleInfo(0, "", ModuleKind.Whole, "fused", 0, 0));
        Assert.Throws<ArgumentException>(() => new ModuleInfo(0, "m", ModuleKind.Whole, "", 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModuleInfo(0, "m", ModuleKind.Whole, "fused", -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModuleInfo(0, "m", ModuleKind.Whole, "fused", 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModuleInfo(0, "m", (ModuleKind)9, "fused", 0, 0));
    }

    [Fact]
    public void ControllerState_IsComparedNumberByNumber()
    {
        ControllerState State(double last) => new("das", [1, 2], [0.5, 0.5], new Dictionary<string, IReadOnlyList<double>> { ["b"] = [1, last], ["a"] = [] });
        Assert.Equal(State(3), State(3));
        Assert.Equal(State(3).GetHashCode(), State(3).GetHashCode());
        Assert.NotEqual(State(3), State(4));
        Assert.NotEqual(new ControllerState("das", [1], [0]), new ControllerState("das", [2], [0]));
        Assert.NotEqual(new ControllerState("das", [1], [0]), new ControllerState("random", [1], [0]));
    }

    [Fact]
    public void ControllerState_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentException>(() => new ControllerState("das", [1, 2], [0.5]));
        Assert.Contains("module 1", Assert.Throws<ArgumentOutOfRangeException>(() => new ControllerState("das", [1, double.NaN], [0.5, 0.5])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ControllerState("das", [1], [1.5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ControllerState("das", [1], [double.NaN]));
        Assert.Throws<ArgumentException>(() => new ControllerState("", [1], [1]));
    }

    [Fact]
    public void Round_OutOfRange_Throws()
    {
        var state = new ControllerState("das", [0, 0, 0], [0.5, 0.5, 0.5]);
        var evaluation = Evaluation.OfLoss(Skipped, 1, 1, ValidationMode.Eval, "b");
        Assert.Throws<ArgumentException>(() => new Round(0, 0, 0, [], state, 0));
        Assert.Throws<ArgumentException>(() => new Round(0, 0, 0, [evaluation], new ControllerState("das", [0], [0.5]), 0));
        Assert.Throws<ArgumentException>(() => new Round(0, 0, 0, [evaluation], state, 0, Subnetwork.Whole(4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Round(-1, 0, 0, [evaluation], state, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Round(0, -1, 0, [evaluation], state, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Round(0, 0, -1, [evaluation], state, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Round(0, 0, 0, [evaluation], state, double.NaN));
    }

    [Fact]
    public void Round_Choice_IsWhatWasRecommended_OrTheLargestGatesOfTheSpace()
    {
        var state = new ControllerState("das", [0.1, 0.3, 0.2], [0.5, 0.5, 0.5]);
        var evaluation = Evaluation.OfLoss(Skipped, 1, 1, ValidationMode.Eval, "b");
        var space = new SkipSpace(["", "", ""], SkipTarget.Modules(1), new([1]));
        Assert.Equal(Subnetwork.Parse("0", 3), new Round(0, 0, 0, [evaluation], state, 0, Subnetwork.Parse("0", 3)).ChoiceIn(space));
        Assert.Equal(Subnetwork.Parse("2", 3), new Round(0, 0, 0, [evaluation], state, 0).ChoiceIn(space));
    }

    [Fact]
    public void Metric_NotFinite_IsKeptAsNull()
    {
        Assert.Null(new Metric("loss", 0, double.NaN).Value);
        Assert.Null(new Metric("loss", 0, double.PositiveInfinity).Value);
        Assert.Equal(0.5, new Metric("loss", 0, 0.5).Value);
        Assert.Throws<ArgumentException>(() => new Metric("", 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Metric("loss", -1, 0));
    }

    [Fact]
    public void NetworkCosts_ModulesOutOfOrderOrOfOneName_Throw()
    {
        ModuleCosts Module(int index, string name) => new(new ModuleInfo(index, name, ModuleKind.Whole, "fused", 0, 0), 0, 0, 0, 0);
        Assert.Throws<ArgumentException>(() => new NetworkCosts([Module(1, "a")], 0, 0, 0));
        Assert.Throws<ArgumentException>(() => new NetworkCosts([Module(0, "a"), Module(1, "a")], 0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkCosts([], 1, 2, 0));
    }

    [Fact]
    public void NetworkCosts_OfASubnetwork_CountEachModuleOnce_KeptOrReplaced()
    {
        ModuleCosts Module(int index, long parameters, long operations) =>
            new(new ModuleInfo(index, $"m{index}", ModuleKind.Whole, "fused", parameters, operations), 7, 70, 3, 30);
        var costs = new NetworkCosts([Module(0, 100, 1000), Module(1, 200, 2000)], 50, 5, 500);

        var whole = costs.Of(Subnetwork.Whole(2));
        var skipping = costs.Of(new Subnetwork(2, [1]));

        Assert.Equal((356, 11, 3500, 3560), (whole.TotalParameters, whole.TrainableParameters, whole.FullMultiplyAccumulates, whole.PlanMultiplyAccumulates));
        Assert.Equal(
            (160, 15, 3500, 1600),
            (skipping.TotalParameters, skipping.TrainableParameters, skipping.FullMultiplyAccumulates, skipping.PlanMultiplyAccumulates));
        Assert.Throws<ArgumentException>(() => { costs.Of(Subnetwork.Whole(3)); });
    }

    [Theory]
    [InlineData(9.7, "0:09")]
    [InlineData(249, "4:09")]
    [InlineData(3599.9, "59:59")]
    [InlineData(3849, "1:04:09")]
    [InlineData(111_849, "31:04:09")]
    public void Durations_AreReadAsAClock_HoursBeyondADayIncluded(double seconds, string expected) =>
        Assert.Equal(expected, Durations.Text(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(ModuleKind.FeedForward, "feed-forward")]
    [InlineData(ModuleKind.Whole, "whole")]
    [InlineData(ModuleKind.CrossLayer, "cross-layer")]
    public void EnumNames_AreKebabCase_BothWays(ModuleKind kind, string name)
    {
        Assert.Equal(name, EnumNames.NameOf(kind));
        Assert.Equal(kind, EnumNames.Parse<ModuleKind>(name));
        Assert.False(EnumNames.TryParse<ModuleKind>(name.ToUpperInvariant(), out _));
        Assert.False(EnumNames.TryParse<ModuleKind>(null, out _));
        Assert.Equal("Expected whole or attention or feed-forward or cross-layer or cross-attention, got 'x'. (Parameter 'name')", Assert.Throws<ArgumentException>(() => EnumNames.Parse<ModuleKind>("x")).Message);
    }
}
