using System.Globalization;
using DasSearch.Exports.Tests.Support;
using DasSearch.Store;

namespace DasSearch.Exports.Tests;

public sealed class CsvExporterTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Export_WithTheRun_HasWhatTheStoreHas()
    {
        var plan = StoredRun.Create(_bench.PathOf("das.db"));
        var result = _bench.Export("csv", plan, "modules.csv", _bench.PathOf("das.db"));
        var rows = Read("modules.csv");

        Assert.Empty(result.Notes);
        using var store = RunStore.Open(_bench.PathOf("das.db"), TimeProvider.System);
        foreach (var (row, reward) in rows.Zip(store.Read.LayerRewards(1)))
        {
            Assert.Equal(reward.Name, row["module"]);
            Assert.Equal(reward.Gate, double.Parse(row["gate"], CultureInfo.InvariantCulture));
            Assert.Equal(reward.Difference!.Value, double.Parse(row["difference"], CultureInfo.InvariantCulture), 15);
        }

        Assert.Equal(["0", "0", "1", "1"], rows.Select(row => row["skipped"]));
        Assert.Equal("replace module das 192", rows[2]["adapters"]);
        Assert.Equal("parallel attention das 96; parallel feed-forward das 96", rows[0]["adapters"]);
        long Sum(string column) => rows.Sum(row => long.Parse(row[column], CultureInfo.InvariantCulture));
        Assert.Equal(plan.Accounting!.PlanMultiplyAccumulates, Sum("planned_multiply_accumulates"));
        Assert.Equal(plan.Accounting.FullMultiplyAccumulates, Sum("multiply_accumulates"));
    }

    [Fact]
    public void Export_WithoutTheRun_LeavesOpenWhatNobodyKnows()
    {
        var result = _bench.Export("csv", MadeUpPlans.Vilt("3,5"), "modules.csv");
        var rows = Read("modules.csv");

        Assert.Contains("there is no database of runs", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.Equal(MadeUpPlans.Numbered("transformer.blocks", 12), rows.Select(row => row["module"]));
        Assert.Equal([3, 5], rows.Index().Where(row => row.Item["skipped"] == "1").Select(row => row.Index));
        Assert.All(rows, row => Assert.Equal(("", "", "whole"), (row["gate"], row["parameters"], row["kind"])));
    }

    [Fact]
    public void Export_DatabaseOfAnotherRun_SaysSo()
    {
        var plan = StoredRun.Create(_bench.PathOf("das.db"));
        var result = _bench.Export("csv", MadeUpPlans.OfAnotherRun(plan), "modules.csv", _bench.PathOf("das.db"));

        Assert.StartsWith($"{_bench.PathOf("das.db")} does not have the plan's run", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.Equal("0.5", Read("modules.csv")[2]["gate"]); // what the plan itself keeps
    }

    [Fact]
    public void Export_NamesThatNeedQuotes_ComeBack()
    {
        string[] names = ["a,b", "say \"x\"", "two\nlines"];
        _bench.Export("csv", MadeUpPlans.Make("mine", names, "0,1,2"), "modules.csv");
        Assert.Equal(names, Read("modules.csv").Select(row => row["module"]));
    }

    [Fact]
    public void Export_BackboneOfOtherNumbering_NamesOnlyWhatThePlanNames()
    {
        var plan = MadeUpPlans.Make("meter", MadeUpPlans.MeterTakingTurns, "3,8");
        _bench.Export("csv", plan, "modules.csv");
        var named = Read("modules.csv").Select(row => row["module"]).Where(name => name.Length > 0);
        Assert.Equal(["cross_modal_image_layers.1", "cross_modal_text_layers.4"], named);
    }

    private List<Dictionary<string, string>> Read(string name) => CsvRows.Of(_bench.PathOf(name));
}
