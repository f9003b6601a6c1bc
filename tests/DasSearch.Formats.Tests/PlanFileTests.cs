using System.Text.Json.Nodes;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Formats.Tests;

public sealed class PlanFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-plan-");

    public static TheoryData<string> Names => [.. Plans.Keys];

    internal static SkipPlan Trained => Plans["trained"];

    private static Dictionary<string, SkipPlan> Plans { get; } = new()
    {
        ["searched"] = Plan(null),
        ["trained"] = Plan(new PlanResult(
            "das",
            3, 10, new Dictionary<string, double> { ["test.accuracy"] = 0.7125, ["test.loss"] = 1e-9 }, new PlanLatency(8, 20.5, 15.25), "plan.safetensors", new string('c', 64))),
        ["trained, latency known"] = Plan(new PlanResult(
            "das", 3, 10, new Dictionary<string, double>(), new PlanLatency(8, 20.5, 15.25, new LatencyChange(-25.5, -27, -24.25, 33)), null, null)),
        ["trained, nothing measured"] = Plan(new PlanResult("das", 3, 10, new Dictionary<string, double>(), null, null, null)),
        ["by hand, nothing skipped"] = new SkipPlan(
            "vilt", "vqa", 12, Granularity.SubLayers, new PlanProvenance(null, null, null, null, "0.1.0", null, null), [], [], new Accounting(0, 0, 0, 0)),
        ["imported, not counted"] = Plan(null) with { Accounting = null },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_OfFormat_IsTheSame(string name)
    {
        var text = PlanFile.Format(Plans[name]);
        Assert.Equal(text, PlanFile.Format(PlanFile.Parse(text, "plan.json")));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Format_SatisfiesThePublishedSchema(string name) =>
        Assert.Empty(JsonSchema.Problems(Schema(), JsonNode.Parse(PlanFile.Format(Plans[name]))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Format_NamingTheSchema_IsTheSamePlan(string name)
    {
        var text = PlanFile.Format(Plans[name], PlanFile.SchemaName);
        Assert.Empty(JsonSchema.Problems(Schema(), JsonNode.Parse(text)));
        Assert.Equal("plan.schema.json", (string?)JsonNode.Parse(text)!["$schema"]);
        Assert.Equal(PlanFile.Format(Plans[name]), PlanFile.Format(PlanFile.Parse(text, "plan.json")));
    }

    [Fact]
    public void Schema_Published_IsThatOfTheRecords() => Assert.Equal(PlanFile.GenerateSchema(), PlanFile.Schema);

    [Theory]
    [InlineData("plan-1-layers.json", Granularity.Layers)]
    [InlineData("plan-1-sub-layers.json", Granularity.SubLayers)]
    public void Read_PlanOfSchema1_IsThePlanOfToday(string name, Granularity granularity)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Kept", name);
        var plan = PlanFile.Read(path);
        Assert.Equal((granularity, "das"), (plan.Granularity, plan.Method));
        var expected = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        expected["schema"] = "das-search/skip-plan/2";
        expected.Insert(4, "granularity", EnumNames.NameOf(granularity));
        expected.Insert(5, "method", "das");
        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(PlanFile.Format(plan))!.ToJsonString());
    }

    [Fact]
    public void Read_PlanOfSchema1WithFieldsOfToday_IsRefused()
    {
        var plan = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kept", "plan-1-layers.json")))!;
        plan["method"] = "lora";
        Assert.StartsWith(
            "plan.json: $.method is unknown; the fields here are schema, backbone, task, modules, provenance, ",
            Assert.Throws<PlanException>(() => PlanFile.Parse(plan.ToJsonString(), "plan.json")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_InTheProgram_IsThePublishedFile() =>
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, PlanFile.SchemaName)), PlanFile.Schema);

    [Fact]
    public void Schema_RefusesWhatTheReaderRefuses()
    {
        // The check of the schema is worth something only if it can fail.
        foreach (var (_, change) in Mistakes)
        {
            var plan = JsonNode.Parse(PlanFile.Format(Plans["trained"]))!.AsObject();
            change(plan);
            Assert.NotEmpty(JsonSchema.Problems(Schema(), JsonNode.Parse(plan.ToJsonString())));
        }
    }

    [Fact]
    public void Parse_Mistake_NamesItsPath()
    {
        foreach (var (expected, change) in Mistakes)
        {
            var plan = JsonNode.Parse(PlanFile.Format(Plans["trained"]))!.AsObject();
            change(plan);
            Assert.StartsWith(
                $"plan.json: {expected}", Assert.Throws<PlanException>(() => PlanFile.Parse(plan.ToJsonString(), "plan.json")).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\n\"schema\": }", "plan.json is no JSON: line 2 cannot be read")]
    [InlineData("[]", "plan.json: $ must be an object, not a list")]
    [InlineData("{\"schema\": \"das-search/skip-plan/3\"}", "plan.json: $.schema must be \"das-search/skip-plan/2\", not \"das-search/skip-plan/3\"")]
    [InlineData("{\"schema\": \"das-search/skip-plan/2\", \"schema\": \"das-search/skip-plan/2\"}", "plan.json: $.schema is there twice")]
    public void Parse_NoPlan_SaysSo(string json, string expected) =>
        Assert.Equal(expected, Assert.Throws<PlanException>(() => PlanFile.Parse(json, "plan.json")).Message);

    [Fact]
    public void Parse_LargerThanAnInteger_SaysSo()
    {
        var plan = JsonNode.Parse(PlanFile.Format(Plans["searched"]))!;
        plan["modules"] = 1L << 32;
        var failure = Assert.Throws<PlanException>(() => PlanFile.Parse(plan.ToJsonString(), "plan.json"));
        Assert.Equal("plan.json: $.modules must be an integer of 32 bits, not 4294967296", failure.Message);
    }

    [Fact]
    public void Parse_Contradiction_NamesItsPath()
    {
        var plan = JsonNode.Parse(PlanFile.Format(Plans["searched"]))!;
        plan["modules"] = 3;
        var failure = Assert.Throws<PlanException>(() => PlanFile.Parse(plan.ToJsonString(), "plan.json"));
        Assert.Equal("plan.json: $: Module transformer.blocks.3 has index 3, but modules are numbered from 0 to 2.", failure.Message);
    }

    [Fact]
    public void Write_ThenRead_IsTheSame_AndLeavesNothingBeside()
    {
        var path = Path.Combine(_folder.FullName, "plan.json");
        PlanFile.Write(Plans["searched"], path);
        PlanFile.Write(Plans["trained"], path);
        Assert.Equal(PlanFile.Format(Plans["trained"]), PlanFile.Format(PlanFile.Read(path)));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Write_WhereItCannot_SaysSo_AndLeavesNothingBeside()
    {
        var path = Path.Combine(_folder.FullName, "taken");
        Directory.CreateDirectory(Path.Combine(path, "by-a-folder"));
        Assert.StartsWith($"the plan {path} cannot be written: ", Assert.Throws<PlanException>(() => PlanFile.Write(Plans["searched"], path)).Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullName));
        Assert.StartsWith("the plan ", Assert.Throws<PlanException>(() => PlanFile.Read(Path.Combine(_folder.FullName, "none.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_PartsThatContradict_Throw()
    {
        SkippedModule Module(int index, string name = "m") => new(index, name + index, ModuleKind.Whole, null);
        AdapterPlacement Adapter(string module, Placement placement) => new(module, placement, "module", "das", 8, "relu", "none", 1);
        SkipPlan Make(SkippedModule[] skip, params AdapterPlacement[] adapters) => new("b", "t", 4, Granularity.Layers, Plans["trained"].Provenance, skip, adapters, new Accounting(0, 0, 0, 0));

        Assert.Equal("1,3", Make([Module(1), Module(3)], Adapter("m1", Placement.Replace), Adapter("m0", Placement.Parallel)).Subnetwork.ToString());
        Assert.Throws<ArgumentException>(() => Make([Module(4)]));
        Assert.Throws<ArgumentException>(() => Make([Module(1) with { Kind = ModuleKind.Attention }]));
        Assert.Throws<ArgumentException>(() => Make([Module(3), Module(1)]));
        Assert.Throws<ArgumentException>(() => Make([Module(1), Module(1)]));
        Assert.Throws<ArgumentException>(() => Make([new(0, "m", ModuleKind.Whole, null), new(1, "m", ModuleKind.Whole, null)]));
        Assert.Throws<ArgumentException>(() => Make([Module(1)], Adapter("m0", Placement.Replace)));
        Assert.Throws<ArgumentException>(() => Make([Module(1)], Adapter("m1", Placement.Parallel)));
        Assert.Throws<ArgumentException>(() => Make([Module(1)], Adapter("m1", Placement.Replace), Adapter("m1", Placement.Replace)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Accounting(1, 2, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdapterPlacement("m", Placement.Replace, "module", "das", 0, "relu", "none", 1));
    }

    [Fact]
    public void Accounting_Percents_FollowFromTheCounts()
    {
        var accounting = new Accounting(200, 5, 1000, 800);
        Assert.Equal((2.5, -20), (accounting.TrainablePercent, accounting.ChangePercent));
        Assert.Equal((0, 0), (new Accounting(0, 0, 0, 0).TrainablePercent, new Accounting(0, 0, 0, 0).ChangePercent));
    }

    private static readonly (string Expected, Action<JsonObject> Change)[] Mistakes =
    [
        ("$.skipp is unknown; the fields here are schema, backbone, ", plan => plan["skipp"] = 1),
        ("$.task is missing", plan => plan.Remove("task")),
        ("$.task must be a text that is not empty, not 7", plan => plan["task"] = 7),
        ("$.task must be a text that is not empty, not null", plan => plan["task"] = null),
        ("$.modules must be an integer, not 1.5", plan => plan["modules"] = 1.5),
        ("$.skip must be a list, not an object", plan => plan["skip"] = new JsonObject()),
        ("$.skip[1].index must be an integer, not \"3\"", plan => plan["skip"]![1]!["index"] = "3"),
        ("$.skip[0].kind must be whole or attention or feed-forward or cross-layer or cross-attention, not \"half\"", plan => plan["skip"]![0]!["kind"] = "half"),
        ("$.skip[0].evidence.gate must be a finite number, not null", plan => plan["skip"]![0]!["evidence"]!["gate"] = null),
        ("$.adapters[0].colour is unknown", plan => plan["adapters"]![0]!["colour"] = "red"),
        ("$.granularity is missing", plan => plan.Remove("granularity")),
        ("$.granularity must be layers or sub-layers, not \"parts\"", plan => plan["granularity"] = "parts"),
        ("$.task must be a text that is not empty, not \"\"", plan => plan["task"] = ""),
        ("$.adapters[0]: ", plan => plan["adapters"]![0]!["bottleneck"] = 0),
        ("$.accounting.parameters.total must be an integer, not null", plan => plan["accounting"]!["parameters"]!["total"] = null),
        ("$.result.metrics.test.loss must be a finite number, not \"low\"", plan => plan["result"]!["metrics"]!["test.loss"] = "low"),
        ("$.result must be an object, not true", plan => plan["result"] = true),
    ];

    private static JsonNode Schema() => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plan.schema.json")))!;

    private static SkipPlan Plan(PlanResult? result) => new(
        "vilt",
        "fashionvl-vqa",
        12,
        Granularity.Layers,
        new PlanProvenance(1, "vqa-das4", 0, new string('b', 64), "0.1.0+abc", "vilt.safetensors", new string('a', 64)),
        [
            new SkippedModule(3, "transformer.blocks.3", ModuleKind.Whole, new SkipEvidence(0.25, 0.5621765008857981, 40, 0.5, 0.375, 0.01)),
            new SkippedModule(5, "transformer.blocks.5", ModuleKind.Whole, new SkipEvidence(0, 0.5, 0, null, 0.375, null)),
        ],
        [
            new AdapterPlacement("transformer.blocks.3", Placement.Replace, "module", "das", 192, "relu", "layer-norm", 1),
            new AdapterPlacement("transformer.blocks.0", Placement.Parallel, "attention", "das", 96, "relu", "layer-norm", 1),
        ],
        new Accounting(111_595_008, 3_000_000, 22_010_000_000, 17_000_000_000),
        result);
}
