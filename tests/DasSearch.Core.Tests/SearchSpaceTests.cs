using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Core.Spaces;

namespace DasSearch.Core.Tests;

/// <summary>What settings allow, and which of them is named where they allow nothing.</summary>
public sealed class SearchSpaceTests
{
    // Six modules of two streams, which cost 100 and with adapters 110; without them, adapters cost 10. 40 lie outside.
    private static readonly NetworkCosts _costs = new(
        [.. Enumerable.Range(0, 6).Select(i => new ModuleCosts(new ModuleInfo(i, $"m{i}", ModuleKind.Whole, i < 3 ? "text" : "image", 5, 100), 1, 10, 1, 10))], 0, 0, 40);

    private static readonly RunConfig _config = new() { Task = "fashionvl-vqa", Backbone = "meter", Skip = 2 };

    [Fact]
    public void Of_NoRules_IsAllOfThatSize() => Assert.Equal(Combinations.All(6, 2), SearchSpace.Of(_config, _costs).All().Order());

    [Theory]
    [InlineData(-5, 1)] // 700 of 640 have to become 608: one module of 100
    [InlineData(-6, 1)]
    [InlineData(-7, 2)]
    [InlineData(-20, 2)]
    [InlineData(-25, 3)]
    public void Of_ABudget_IsJustEnoughModules(double change, int modules)
    {
        var config = _config with { Budget = new() { Macs = change } };
        var space = SearchSpace.Of(config, _costs);
        Assert.Equal(Combinations.All(6, modules), space.All().Order());
        Assert.All(space.All(), set => Assert.True(_costs.Of(set).ChangePercent <= change));
    }

    [Fact]
    public void Of_Rules_KeepsThem()
    {
        var space = SearchSpace.Of(_config with { Constraints = new() { Never = " 0, 5", KeptPerStream = 2, MostInARow = 1 } }, _costs);
        Assert.Equal(["1,3", "1,4", "2,3", "2,4"], space.All().Order().Select(set => set.ToString()));
        Assert.Equal(0, SearchSpace.OfSize(_config with { Constraints = new() { KeptPerStream = 2 } }, _costs, 3).Count);
    }

    [Theory]
    [InlineData(3, "0,1,2,3", null, null, null, "constraints.never rules out 0,1,2,3, and so no subnetworks are left that skip 3 of 6 modules")]
    [InlineData(3, "0", 2, null, null, "constraints.kept_per_stream has 2 modules of each stream kept, and so no subnetworks are left that skip 3 of 6 modules")]
    [InlineData(5, null, null, 1, null, "constraints.most_in_a_row has at most 1 skipped in a row, and so no subnetworks are left that skip 5 of 6 modules")]
    [InlineData(5, "0,1", 2, null, null, "constraints.never rules out 0,1, constraints.kept_per_stream has 2 modules of each stream kept, and so no subnetworks are left that skip 5 of 6 modules")]
    [InlineData(3, "6", null, null, null, "constraints.never must name modules from 0 to 5, since meter has 6, not 6")]
    [InlineData(3, null, null, null, -90.0, "budget.macs is out of reach: no subnetworks of 6 modules change multiply-accumulates by -90 %")]
    [InlineData(3, "1", null, null, -75.0, "constraints.never rules out 1, and so no subnetworks are left that change multiply-accumulates by -75 %")]
    public void Of_NothingLeft_NamesWhatRulesItOut(int skip, string? never, int? kept, int? inARow, double? macs, string expected)
    {
        var config = _config with
        {
            Skip = skip,
            Budget = new() { Macs = macs },
            Constraints = new() { Never = never, KeptPerStream = kept, MostInARow = inARow },
        };
        var failure = Assert.Throws<ConfigException>(() => SearchSpace.Of(config, _costs));
        Assert.Equal(expected, failure.Message);
    }

    [Theory]
    [InlineData(null, "controller.candidates must be at most 15, since only so many subnetworks skip 2 of 6 modules, not 16")]
    [InlineData(-20.0, "controller.candidates must be at most 15, since only so many subnetworks change multiply-accumulates by -20 %, not 16")]
    public void Of_TooFewForARound_SaysHowManyThereAre(double? macs, string expected) => Assert.Equal(
        expected,
        Assert.Throws<ConfigException>(() => SearchSpace.Of(_config with { Budget = new() { Macs = macs }, Controller = new() { Candidates = 16 } }, _costs)).Message);

    [Fact]
    public void Settings_OutOfRange_NameTheirKey()
    {
        Assert.StartsWith("constraints.never must be indices", Assert.Throws<ConfigException>(() => new ConstraintsConfig { Never = "0;1" }).Message, StringComparison.Ordinal);
        Assert.StartsWith("constraints.kept_per_stream ", Assert.Throws<ConfigException>(() => new ConstraintsConfig { KeptPerStream = 0 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("constraints.most_in_a_row ", Assert.Throws<ConfigException>(() => new ConstraintsConfig { MostInARow = 0 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("budget.macs must be a change such as -20%", Assert.Throws<ConfigException>(() => new BudgetConfig { Macs = 20 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("stop.error ", Assert.Throws<ConfigException>(() => new StopConfig { Error = 1 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("stop.tolerance ", Assert.Throws<ConfigException>(() => new StopConfig { Tolerance = -1 }).Message, StringComparison.Ordinal);
    }
}
