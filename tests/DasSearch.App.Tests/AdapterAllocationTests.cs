using DasSearch.Core.Plans;
using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.App.Tests;

/// <summary>Trained parameters, shared out.</summary>
public sealed class AdapterAllocationTests
{
    private const long Fixed = 30;
    private const long Unit = 20;

    [Fact]
    public void Share_OneAdapterThatMatters_GetsAllAndTheOthersGo()
    {
        // One unit in place of the skipped module costs 50; of the other 150, each of the second's units takes 20 after a first of 50.
        AdapterEvidence[] adapters = [Replace(0.1, 0.1), Parallel(5, 4, 6, 5, 1), Parallel(0.1, 0.1)];
        Assert.Equal([1, 5, 0], AdapterAllocation.Share(adapters, 199)!);
        Assert.Equal([2, 5, 0], AdapterAllocation.Share(adapters, 200)!);
        Assert.Equal([1, 1, 0], AdapterAllocation.Share(adapters, 119)!);
        Assert.Equal([1, 2, 0], AdapterAllocation.Share(adapters, 120)!);
    }

    [Fact]
    public void Share_ManyMiddlingUnits_BeatASingleGoodOneThatPaysForItsNorm()
    {
        // 3 / 50 = 0.06 a parameter for the first; 8 / 110 = 0.073 for all of the second together, one of which alone is worth 2 / 50.
        AdapterEvidence[] adapters = [Parallel(3), Parallel(2, 2, 2, 2)];
        Assert.Equal([0, 4], AdapterAllocation.Share(adapters, 110)!);
        Assert.Equal([1, 0], AdapterAllocation.Share(adapters, 50)!);
        Assert.Equal([1, 4], AdapterAllocation.Share(adapters, 160)!);
    }

    [Fact]
    public void Share_TooLittleForWhatIsInPlace_IsRefused()
    {
        AdapterEvidence[] adapters = [Replace(1), Replace(1), Parallel(9)];
        Assert.Null(AdapterAllocation.Share(adapters, 99));
        Assert.Equal([1, 1, 0], AdapterAllocation.Share(adapters, 100)!);
        Assert.Equal(100, AdapterAllocation.Least(adapters));
    }

    [Fact]
    public void Share_Anything_KeepsToTheBudgetAndLeavesNothingThatFits()
    {
        var saliency = Gen.Choose(0, 1000).Select(value => value / 100.0);
        var adapter = from isReplacement in Gen.Elements(true, false)
                      from units in saliency.NonEmptyListOf()
                      select isReplacement ? Replace([.. units]) : Parallel([.. units]);
        var problems = from adapters in adapter.NonEmptyListOf()
                       from budget in Gen.Choose(0, 4000)
                       select (Adapters: adapters.ToArray(), Budget: budget);
        Prop.ForAll(problems.ToArbitrary(), problem =>
        {
            if (AdapterAllocation.Share(problem.Adapters, problem.Budget) is not { } units)
            {
                Assert.True(problem.Budget < AdapterAllocation.Least(problem.Adapters));
                return;
            }

            var left = problem.Budget - problem.Adapters.Zip(units).Sum(pair => pair.First.Parameters(pair.Second));
            Assert.True(left >= 0);
            Assert.All(problem.Adapters.Zip(units), pair =>
            {
                Assert.InRange(pair.Second, pair.First.Placement == Placement.Replace ? 1 : 0, pair.First.Saliency.Count);
                Assert.True(pair.Second == pair.First.Saliency.Count || pair.First.Parameters(pair.Second + 1) - pair.First.Parameters(pair.Second) > left);
            });
        }).QuickCheckThrowOnFailure();
    }

    private static AdapterEvidence Replace(params double[] saliency) => new(0, Placement.Replace, "module", Fixed, Unit, 100, saliency);

    private static AdapterEvidence Parallel(params double[] saliency) => new(1, Placement.Parallel, "attention", Fixed, Unit, 100, saliency);
}
