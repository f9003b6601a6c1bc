using System.Text.Json.Nodes;
using DasSearch.Formats.Tests;
using DasSearch.Exports.Tests.Support;
using DasSearch.Formats;

namespace DasSearch.Exports.Tests;

public sealed class JsonExporterTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Export_IsTheSamePlanAndSatisfiesTheSchemaThatItNames()
    {
        var plan = StoredRun.Create(_bench.PathOf("das.db"));
        var result = _bench.Export("json", plan, "canonical.json");

        var json = JsonNode.Parse(File.ReadAllText(result.Files[0]))!;
        var schema = _bench.PathOf((string)json["$schema"]!);
        Assert.Equal([_bench.PathOf("canonical.json"), schema], result.Files);
        Assert.Empty(JsonSchema.Problems(JsonNode.Parse(File.ReadAllText(schema))!, json));
        Assert.Equal(PlanFile.Format(plan), PlanFile.Format(PlanFile.Read(result.Files[0])));
    }

    [Fact]
    public void Export_UnderTheNameOfTheSchema_IsRefused() =>
        Assert.Throws<ExportUsageException>(() => _bench.Export("json", MadeUpPlans.Vilt("3"), "plan.schema.json"));
}
