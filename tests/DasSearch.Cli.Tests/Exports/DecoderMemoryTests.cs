using System.Text.Json.Nodes;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports;
using DasSearch.Formats;
using DasSearch.Models.Backbones;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Checkpoints in several files that are far larger than what may be asked for in memory: files with holes, which take no room on disk.</summary>
public sealed class DecoderMemoryTests : IDisposable
{
    private const long Allowed = 32 << 20;

    private static readonly LlamaConfig _wide = new() { Vocabulary = 100, Width = 2048, Layers = 8, Heads = 16, KeyValueHeads = 16, HeadWidth = 128, InnerWidth = 5504 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-large-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Describe_OfLlama7B_AsksForLittleMemory()
    {
        var checkpoint = Write(new LlamaConfig(), static _ => "BF16");
        Assert.Equal(13_476_831_232, SizeOf(checkpoint));
        var description = (BackboneDescription?)null;
        AssertAllocates(() => description = BackboneTable.BuiltIn.Named("llama").Describe(
            new BackboneRequest { Input = new InputShape(32_000, 512, 0, 0, Images: 0), Checkpoint = checkpoint, Absent = new Subnetwork(32, [22, 24, 25, 27]) }));
        Assert.Equal(6_738_415_616, description!.Parameters.Sum(static parameter => parameter.Count));
    }

    [Theory]
    [InlineData("decoder")]
    [InlineData("llm-drop")]
    public void Export_OfALargeCheckpoint_AsksForLittleMemory(string target)
    {
        var checkpoint = Write(_wide, static _ => "BF16");
        Assert.True(SizeOf(checkpoint) > 20 * Allowed);
        var output = Path.Combine(_folder.FullName, "out");
        AssertAllocates(() => PlanExport.Run(
            ExporterTable.Standard.Named(target), new ExportRequest(Plan(checkpoint), Path.Combine(_folder.FullName, "my.plan.json"), output, null, checkpoint, new Dictionary<string, string>())));
        Assert.Equal(2 + 1 + 9, SafetensorsFile.Open(Path.Combine(output, "model.safetensors")).Tensors.Count);
    }

    // What is skipped is of a type that libtorch has not: it can be loaded only by whoever leaves it where it is.
    [Fact]
    public void Load_ForAPlan_LeavesWhatIsSkippedWhereItIs()
    {
        var config = _wide with { Width = 16, HeadWidth = 2, Heads = 8, KeyValueHeads = 8, InnerWidth = 24 };
        var checkpoint = Write(config, static name => name.StartsWith("model.layers.", StringComparison.Ordinal) && !name.StartsWith("model.layers.5.", StringComparison.Ordinal)
            && !name.EndsWith("norm.weight", StringComparison.Ordinal) ? "U16" : "BF16");
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), """{"num_attention_heads": 8}""");
        var request = new BackboneRequest { Input = new InputShape(100, 6, 0, 0, Images: 0), Checkpoint = checkpoint };
        using var planned = (Llama)BackboneTable.BuiltIn.Named("llama").Load(request with { Absent = Plan(checkpoint).Subnetwork }).Backbone;
        Assert.Equal(2 + 1 + 9, planned.named_parameters().Count());
        Assert.Contains("of type U16", Assert.ThrowsAny<DasSearchException>(() => BackboneTable.BuiltIn.Named("llama").Load(request)).Message, StringComparison.Ordinal);
    }

    private static void AssertAllocates(Action act)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        act();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Allowed);
    }

    private static SkipPlan Plan(string checkpoint)
    {
        var skipped = Enumerable.Range(0, 8).Where(static layer => layer != 5);
        return new SkipPlan(
            "llama", "a task", 8, Granularity.Layers, new PlanProvenance(null, null, null, null, "0.1.0", checkpoint, FileHash.Sha256(checkpoint)),
            [.. skipped.Select(static layer => new SkippedModule(layer, $"layers.{layer}", ModuleKind.Whole, null))], [], null);
    }

    private static long SizeOf(string checkpoint) => WeightFile.Open(checkpoint).Tensors.Values.Sum(static tensor => tensor.Bytes);

    // A file for each layer and one for the rest, and an index.
    private string Write(LlamaConfig config, Func<string, string> typeOf)
    {
        var description = LlamaCosts.Describe(config, new InputShape(config.Vocabulary, 6, 0, 0, Images: 0));
        var shapes = description.Projections.Where(static place => place.Module is not null).ToDictionary(
            static place => place.Name + ".weight", static place => (long[])(place.Role == ProjectionRole.Norm ? [place.Out] : [place.Out, place.In]));
        foreach (var name in new[] { "tok_embeddings.weight", "output.weight" })
        {
            shapes[name] = [config.Vocabulary, config.Width];
        }

        shapes["norm.weight"] = [config.Width];
        var files = shapes.Select(entry => new Hole(DecoderExportTests.HuggingFace(entry.Key), typeOf(DecoderExportTests.HuggingFace(entry.Key)), entry.Value))
            .GroupBy(static hole => hole.Name.Split('.') is ["model", "layers", var layer, ..] ? $"model-{layer}.safetensors" : "model-rest.safetensors").ToList();
        foreach (var file in files)
        {
            SafetensorsFile.Write(Path.Combine(_folder.FullName, file.Key), file);
        }

        var map = new JsonObject(files.SelectMany(static file => file.Select(hole => KeyValuePair.Create(hole.Name, (JsonNode?)file.Key))));
        var index = Path.Combine(_folder.FullName, "model.safetensors.index.json");
        File.WriteAllText(index, new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 1 }, ["weight_map"] = map }.ToJsonString());
        return index;
    }

    private sealed record Hole(string Name, string Type, IReadOnlyList<long> Shape) : WeightEntry(Name, Type, Shape)
    {
        public override void CopyTo(Stream target)
        {
            target.Seek(Bytes - 1, SeekOrigin.Current);
            target.WriteByte(0);
        }
    }
}
