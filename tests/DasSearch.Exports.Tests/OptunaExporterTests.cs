using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports.Tests.Support;
using DasSearch.Store;

namespace DasSearch.Exports.Tests;

/// <summary>Which runs become studies; what is in them is tested where they are written.</summary>
public sealed class OptunaExporterTests : IDisposable
{
    private readonly Workbench _bench = new();
    private readonly SkipPlan _plan;

    public OptunaExporterTests()
    {
        _plan = StoredRun.Create(Database);
        StoredRun.Create(Database);
    }

    private string Database => _bench.PathOf("das.db");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(null, "1 study with 4 trials")]
    [InlineData("2,1,2", "2 studies with 8 trials")]
    [InlineData("all", "2 studies with 8 trials")]
    public void Export_Runs_AreThePlansOrThoseNamed(string? runs, string expected)
    {
        var result = _bench.Export("optuna", _plan, "optuna.db", Database, runs is null ? [] : [("runs", runs)]);
        Assert.StartsWith(expected, Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Export_RunsThatAreNotThere_SaysWhichAndLeavesNothing()
    {
        Assert.Throws<ExportUsageException>(() => _bench.Export("optuna", _plan, "optuna.db", Database, ("runs", "1;2")));
        var failure = Assert.Throws<StoreException>(() => _bench.Export("optuna", _plan, "optuna.db", Database, ("runs", "1,7")));
        Assert.Contains("there is no run 7 in", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["das.db"], _bench.Entries);
    }

    [Fact]
    public void Export_PlanWithoutARun_SaysWhy()
    {
        var (plan, database) = (_bench.PathOf("my.plan.json"), Database);
        Assert.Equal($"{plan} came of no run, so there are no rewards behind it", Refusal(MadeUpPlans.Vilt("3"), database));
        Assert.Equal("optuna needs the database with the plan's run: name it with --db", Refusal(_plan, null));
        Assert.Equal(
            $"{plan} came of another run 1 than the one in {database}: name its database with --db",
            Refusal(MadeUpPlans.OfAnotherRun(_plan), database));
    }

    private string Refusal(SkipPlan plan, string? database) =>
        Assert.ThrowsAny<DasSearchException>(() => _bench.Export("optuna", plan, "optuna.db", database)).Message;
}
