using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Transfer;

namespace DasSearch.App.Tests;

/// <summary>Plans from a real database.</summary>
public sealed class PlanMakerTests : IDisposable
{
    private const int Modules = 6;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-plan-");
    private readonly IRunStore _store;
    private readonly RunConfig _config = new() { Task = "fashionvl-vqa", Backbone = "vilt", Seed = 7, Skip = 2 };

    public PlanMakerTests() => _store = RunStore.Create(Path.Combine(_folder.FullName, "das.db"), TimeProvider.System);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Make_FromARound_HasGatesRewardsAdaptersAndAccount()
    {
        var maker = Begin([0.1, -0.2, 0.3, 0.3, 0, -0.1]);
        var plan = maker.Make(maker.Chosen(2));

        Assert.Equal([2, 3], plan.Skip.Select(module => module.Index));
        Assert.Equal(new SkipEvidence(0.3, 0.5, 1, 0.4, 0.2, null), plan.Skip[0].Evidence);
        Assert.Equal(2 + (2 * 4), plan.Adapters.Count);
        Assert.All(plan.Adapters, adapter => Assert.Equal(adapter.Placement == Placement.Replace ? 192 : 96, adapter.Bottleneck));
        Assert.Equal(500 + (4 * (100 + 3)) + (2 * 10), plan.Accounting!.TotalParameters);
        Assert.Equal((1, "vqa", 7L), (plan.Provenance.Run, plan.Provenance.RunName, plan.Provenance.Seed));
        Assert.Equal(PlanFile.Format(plan), PlanFile.Format(PlanFile.Parse(PlanFile.Format(plan), "plan")));
    }

    [Theory]
    [InlineData(-1, new[] { 3 })]
    [InlineData(-15, new[] { 3 })]
    [InlineData(-16, new[] { 2, 3 })]
    [InlineData(-45, new[] { 0, 2, 3 })]
    public void ByBudget_Reachable_SkipsAsFewAsItTakes(double change, int[] expected)
    {
        // Each skip of a module of 1,000 saves 900 of 6,000, which is 15 %; nothing is attached to kept ones.
        var maker = Begin([0.1, -0.2, 0.3, 0.3, 0, -0.1]);
        Assert.Equal(expected, maker.ByBudget(new PlanBudget(BudgetKind.Macs, change)).Skipped);
    }

    [Fact]
    public void ByBudget_Unreachable_SaysHowFarItGoes() => Assert.Equal(
        "multiply-accumulates cannot change by -80 %: the most that skipping all but one module or fewer reaches is -75.0 %",
        Assert.Throws<DasSearchException>(() => Begin([0, 0, 0, 0, 0, 0]).ByBudget(new PlanBudget(BudgetKind.Macs, -80))).Message);

    [Theory]
    [InlineData(-4, new[] { 3 })]
    [InlineData(-6, new[] { 2, 3 })]
    [InlineData(-40, new[] { 0, 2, 3 })]
    public void ByBudget_OfLatency_GoesByWhatWasMeasured(double change, int[] expected)
    {
        // Adapters cost 10 of 100 ms; without the first two modules it is 85, without the third 55.
        var latency = new NetworkLatency(64, 100, 110, [30, 1, 10, 15, 1, 1]);
        var maker = Begin([0.1, -0.2, 0.3, 0.3, 0, -0.1], latency);
        Assert.Equal(expected, maker.ByBudget(PlanBudget.Parse(FormattableString.Invariant($"latency={change}%"))).Skipped);
    }

    [Fact]
    public void ByBudget_OfLatencyWithIntervals_SkipsAsManyAsAreSure()
    {
        // Without module 3 it is 10 % less on average, but no more than 8 % for sure.
        var turns = Enumerable.Range(0, 9).Select(static i => new LatencyTurn(100, 100, [.. Enumerable.Range(0, Modules).Select(module => module == 3 ? 88f + (0.5f * i) : 85)]));
        var maker = Begin([0.1, -0.2, 0.3, 0.3, 0, -0.1], new NetworkLatency(64, [.. turns]));
        Assert.Equal([3], maker.ByBudget(new PlanBudget(BudgetKind.Latency, -8)).Skipped);
        Assert.Equal([2, 3], maker.ByBudget(new PlanBudget(BudgetKind.Latency, -9)).Skipped);
        Assert.Contains(
            "latency, by the upper end of its 95 % interval, cannot change by -99 %",
            Assert.Throws<DasSearchException>(() => maker.ByBudget(new PlanBudget(BudgetKind.Latency, -99))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ByBudget_OfLatencyThatWasNotMeasured_SaysSo() => Assert.Equal(
        "run 1 has no latencies: they are measured when a search is done, by das from schema 2 on",
        Assert.Throws<DasSearchException>(() => Begin([0, 0, 0, 0, 0, 0]).ByBudget(new PlanBudget(BudgetKind.Latency, -5))).Message);

    [Theory]
    [InlineData("latency=-10")]
    [InlineData("macs=-0.5%")]
    public void Budget_WellFormed_IsRead(string text) => Assert.InRange(PlanBudget.Parse(text).ChangePercent, -10, -0.5);

    [Theory]
    [InlineData("flops=-9%")]
    [InlineData("macs=9%")]
    [InlineData("macs=-0%")]
    [InlineData("macs=-100%")]
    [InlineData("latency")]
    [InlineData("")]
    public void Budget_Malformed_SaysWhatOneLooksLike(string text) => Assert.Equal(
        $"must be such as macs=-15% or latency=-10%, a saving of more than 0 and less than 100 %, not '{text}'",
        Assert.Throws<FormatException>(() => PlanBudget.Parse(text)).Message);

    [Fact]
    public void Budget_WithADecimalComma_SaysHowToWriteIt() => Assert.EndsWith(
        "not 'macs=-15,5%': write macs=-15.5%", Assert.Throws<FormatException>(() => PlanBudget.Parse("macs=-15,5%")).Message, StringComparison.Ordinal);

    [Fact]
    public void Chosen_BeforeTheFirstRound_SaysHowToGoOn() => Assert.Equal(
        $"run 1 has no rounds yet: das resume 1 --db {Path.Combine(_folder.FullName, "das.db")} goes on with it",
        Assert.Throws<DasSearchException>(() => Begin(null).Chosen(2)).Message);

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    public void Chosen_TooManyOrTooFew_SaysHowManyThereAre(int count) => Assert.Contains(
        "skip must be from 0 to 5", Assert.Throws<DasSearchException>(() => Begin([0, 0, 0, 0, 0, 0]).Chosen(count)).Message, StringComparison.Ordinal);

    [Fact]
    public void AtRandom_ManySeeds_DrawsEverySetAboutAsOften()
    {
        var maker = Begin(null);
        var counts = Enumerable.Range(0, 3000).Select(seed => maker.AtRandom(2, seed).ToString()).CountBy(set => set).ToList();

        Assert.Equal(15, counts.Count);
        Assert.All(counts, count => Assert.InRange(count.Value, 140, 260)); // 200 expected, with a deviation of 13.7
        Assert.Equal(maker.AtRandom(3, 5), maker.AtRandom(3, 5));
    }

    [Fact]
    public void Make_NamesTheMethodOfTheRun_AndPlacesWhatThatPlaces()
    {
        var skipped = new Subnetwork(Modules, [1]);
        var (das, linear) = (Begin([0, 1, 0, 0, 0, 0]).Make(skipped), Begin([0, 1, 0, 0, 0, 0], method: new LinearTransfer()).Make(skipped));

        Assert.Equal(("das", 1 + (2 * (Modules - 1))), (das.Method, das.Adapters.Count));
        Assert.Equal(("linear", 0), (linear.Method, linear.Adapters.Count));
    }

    [Fact]
    public void Make_OfARunUnderTheOfficialGates_IsOfWhatTheySkipped()
    {
        var modules = new[] { "attention", "crossattention" }.SelectMany(kind => new[] { "text", "image" }.Select(stream => (kind, stream)))
            .OrderByDescending(static module => module.stream).Select(static (module, i) => new ModuleInfo(
                i, $"cross_modal_{module.stream}_layers.0.{module.kind}", module.kind == "attention" ? ModuleKind.Attention : ModuleKind.CrossAttention, module.stream, 100, 1000))
            .ToList(); // text, text to image, image, image to text
        int[] InEffect(params int[] gates) => [.. OfficialGates.Skipped(new Subnetwork(4, gates), modules).Skipped];

        Assert.Equal([0, 1], InEffect(0, 1));
        Assert.Equal([2], InEffect(3));
        Assert.Equal([0, 2], InEffect(0, 2, 3));
        Assert.Equal(["cross_modal_image_layers.0.attention"], Of(Compatibility.Official).Make(new Subnetwork(4, [3])).Skip.Select(static module => module.Module));
        Assert.Equal(["cross_modal_image_layers.0.crossattention"], Of(Compatibility.Paper).Make(new Subnetwork(4, [3])).Skip.Select(static module => module.Module));

        PlanMaker Of(Compatibility compat) => Begin([0, 0, 0, 0.5], modules: modules, compat: compat);
    }

    // A run with one round of two evaluations, one of which skips modules 2 and 3; or without any.
    private PlanMaker Begin(
        IReadOnlyList<double>? gates,
        NetworkLatency? latency = null,
        ITransferMethod? method = null,
        List<ModuleInfo>? modules = null,
        Compatibility compat = Compatibility.Paper)
    {
        modules ??= [.. Enumerable.Range(0, Modules).Select(static i => new ModuleInfo(i, $"transformer.blocks.{i}", ModuleKind.Whole, "fused", 100, 1000))];
        var costs = new NetworkCosts(
            [.. modules.Select(static module => new ModuleCosts(module, 10, 100, 3, 0))],
            500,
            50,
            0);
        using var recorder = _store.Begin(new RunDescription(
            new ResolvedConfig<RunConfig>(_config with { Name = "vqa" }, "name: vqa\n", null),
            new RunEnvironment("0.1.0", "cpu", "1.13.0", "system", 2, "Linux x64"),
            costs,
            null));
        if (gates is not null)
        {
            Evaluation Score(string skipped, double reward) => Evaluation.Scored(
                Subnetwork.Parse(skipped, modules.Count), -Math.Log(reward), reward, 1, ValidationMode.Eval, "validation:0");
            recorder.Record(new Round(
                0, 10, 1, [Score("2,3", 0.4), Score("0,1", 0.2)], new ControllerState("das", gates, [.. gates.Select(_ => 0.5)]), 1));
        }

        if (latency is not null)
        {
            recorder.Record(latency);
        }

        return new PlanMaker(_store.Read.Run(recorder.Run), _store.Read.LayerRewards(recorder.Run), _config with { Compat = compat }, method ?? new DasTransfer(), "0.1.0");
    }
}
