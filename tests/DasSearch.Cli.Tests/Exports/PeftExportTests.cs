using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using static TorchSharp.torch;

namespace DasSearch.Cli.Tests.Exports;

public sealed class PeftExportTests : IDisposable
{
    private const int Layers = 3;
    private const int Width = 12;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-peft-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>PEFT adds (lora_alpha / r) · B A to a projection's weights, which is what merging does to the rows that the projection has in ViLT's own matrix.</summary>
    [Fact]
    public void Export_LoraOfAViltPlan_ChangesEachProjectionAsMergedWeightsDo()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var (method, skipped) = (new LoraTransfer(), new Subnetwork(Layers, [1]));
        using var backbone = new Vilt(
            new ViltConfig { Vocabulary = 20, TextLength = 5, Width = Width, Layers = Layers, Heads = 2, PatchSize = 2, PositionGrid = 2 },
            new BackboneRequest { Input = new InputShape(20, 5, 4, 4), Absent = skipped });
        var settings = new TransferSettings { Options = new Dictionary<string, string> { ["rank"] = "3", ["scale"] = "0.5" }, Absent = skipped };
        using var attached = method.AttachWhole(new AttachRequest(backbone, settings, CPU, []));
        foreach (var parameter in attached.Parameters.Values)
        {
            parameter.copy_(randn_like(parameter));
        }

        var before = Own(backbone);
        var trained = attached.Parameters.ToDictionary(static entry => entry.Key, static entry => (Tensor)entry.Value);
        trained["pooler.dense.weight"] = backbone.get_parameter("pooler.dense.weight")!;
        CheckpointFile.Write(PathOf("peft.plan.safetensors"), trained);
        var notes = Export(Plan(backbone, attached, skipped, "lora", "peft.plan.safetensors"), "peft");
        attached.Merge(backbone);

        var (exported, config) = (CheckpointFile.Read(PathOf("peft/adapter_model.safetensors")).Tensors, JsonDocument.Parse(File.ReadAllText(PathOf("peft/adapter_config.json"))).RootElement);
        var scale = config.GetProperty("lora_alpha").GetDouble() / config.GetProperty("r").GetInt32();
        Assert.Equal(2 * 2 * 2, exported.Count); // A and B of queries and values of two layers, which PEFT numbers 0 and 1
        foreach (var (layer, kept) in new[] { (Own: 0, Kept: 0), (Own: 2, Kept: 1) })
        {
            var change = (Own(backbone)[layer] - before[layer]).chunk(3, 0);
            Assert.Equal(0, change[1].abs().max().item<float>());
            foreach (var (projection, rows) in new[] { ("query", change[0]), ("value", change[2]) })
            {
                var name = $"base_model.model.encoder.layer.{kept}.attention.attention.{projection}.";
                var product = exported[name + "lora_B.weight"].matmul(exported[name + "lora_A.weight"]) * scale;
                Assert.True(rows.allclose(product, 1e-5, 1e-5), name);
            }
        }

        Assert.Equal(
            ["PEFT has no equivalent of the plan's 1 adapters of type das: they are left out", "7 other trained tensors, such as pooler.dense.weight, are left out"], notes);
    }

    /// <summary>LN tuning uses a copy of each norm that it trains, and no other.</summary>
    [Fact]
    public void Export_TrainedNormsOfAViltPlan_AreThoseOfLnTuning()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var none = Subnetwork.Whole(Layers);
        using var backbone = new Vilt(
            new ViltConfig { Vocabulary = 20, TextLength = 5, Width = Width, Layers = Layers, Heads = 2, PatchSize = 2, PositionGrid = 2 },
            new BackboneRequest { Input = new InputShape(20, 5, 4, 4) });
        var settings = new TransferSettings { Absent = none };
        var method = new LayerNormTransfer();
        using var attached = method.AttachWhole(new AttachRequest(backbone, settings, CPU, []));
        var trained = backbone.named_parameters().Where(entry => method.Trains(backbone.Description, settings, entry.name))
            .ToDictionary(static entry => entry.name, static entry => (Tensor)entry.parameter, StringComparer.Ordinal);
        foreach (var parameter in trained.Values)
        {
            parameter.copy_(randn_like(parameter));
        }

        CheckpointFile.Write(PathOf("norms.plan.safetensors"), trained);
        var notes = Export(Plan(backbone, attached, none, "layer-norm", "norms.plan.safetensors"), "norms");

        var (exported, config) = (CheckpointFile.Read(PathOf("norms/adapter_model.safetensors")).Tensors, JsonDocument.Parse(File.ReadAllText(PathOf("norms/adapter_config.json"))).RootElement);
        Dictionary<string, string> expected = new()
        {
            ["encoder.layer.0.layernorm_before"] = "transformer.blocks.0.norm1", ["encoder.layer.0.layernorm_after"] = "transformer.blocks.0.norm2",
            ["encoder.layer.1.layernorm_before"] = "transformer.blocks.1.norm1", ["encoder.layer.1.layernorm_after"] = "transformer.blocks.1.norm2",
            ["encoder.layer.2.layernorm_before"] = "transformer.blocks.2.norm1", ["encoder.layer.2.layernorm_after"] = "transformer.blocks.2.norm2",
            ["layernorm"] = "transformer.norm",
        };
        Assert.Equal("LN_TUNING", config.GetProperty("peft_type").GetString());
        Assert.Equal(expected.Keys.Order(), config.GetProperty("target_modules").EnumerateArray().Select(static path => path.GetString()!).Order());
        Assert.Equal(2 * expected.Count, exported.Count);
        Assert.All(expected, norm => Assert.All(["weight", "bias"], part => Assert.True(
            exported[$"base_model.model.{norm.Key}.ln_tuning_layers.{part}"].equal(trained[$"{norm.Value}.{part}"]).all().item<bool>(), norm.Key)));
        Assert.Equal([$"{trained.Count - (2 * expected.Count)} other trained tensors, such as {trained.Keys.Order(StringComparer.Ordinal).Last(static name => !name.Contains("norm", StringComparison.Ordinal))}, are left out"], notes);
        Assert.DoesNotContain("layer_replication", File.ReadAllText(PathOf("norms/README.md")), StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Export(SkipPlan plan, string folder) => PlanExport.Run(ExporterTable.Standard.Named("peft"), new ExportRequest(
        plan, PathOf(folder + ".plan.json"), PathOf(folder), Database: null, Checkpoint: null, new Dictionary<string, string>())).Notes;

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static Dictionary<int, Tensor> Own(Vilt backbone) => new[] { 0, 2 }.ToDictionary(
        static layer => layer, layer => backbone.get_parameter($"transformer.blocks.{layer}.attn.qkv.weight")!.clone());

    private SkipPlan Plan(Vilt backbone, Attached attached, Subnetwork skipped, string method, string weights) => new(
        "vilt",
        "a task",
        Layers,
        Granularity.Layers,
        new PlanProvenance(null, null, null, null, "0.1.0", null, null),
        [.. skipped.Skipped.Select(i => new SkippedModule(i, backbone.Description.Modules[i].Name, ModuleKind.Whole, null))],
        attached.Placements,
        new Accounting(0, 0, 0, 0),
        new PlanResult(method, 0, 1, new Dictionary<string, double>(), null, weights, ExportFixture.Sha256(PathOf(weights))));
}
