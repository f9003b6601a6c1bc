using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports.Tests.Support;
using DasSearch.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Exports.Tests;

/// <summary>The folder, read as PEFT does: layers are dropped first, then names are looked up among those that are left.</summary>
public sealed class PeftExporterTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Export_Skips_AreALayerReplicationWithoutTargets()
    {
        var result = _bench.Export("peft", MadeUpPlans.Decoder("lavin", "22,24,25,27"), "peft", null, ("model", "org/base-7b"));
        var config = Config();

        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "README.md"], result.Files.Select(Path.GetFileName));
        Assert.Equal("[[0,22],[23,24],[26,27],[28,32]]", Compact(config.GetProperty("layer_replication")));
        Assert.Equal(("LORA", "CAUSAL_LM"), (Text(config, "peft_type"), Text(config, "task_type")));
        Assert.Equal(
            ("org/base-7b", "dummy-target-modules"), (Text(config, "base_model_name_or_path"), Text(config, "target_modules")));
        Assert.Empty(Tensors());
    }

    [Fact]
    public void Export_AnySkips_KeepsTheOthersInOrder() => Prop.ForAll<ushort>(bits =>
    {
        var skipped = new Subnetwork(12, Enumerable.Range(0, 12).Where(layer => (bits >> layer & 1) == 1));
        if (skipped.Count is > 0 and < 12)
        {
            _bench.Export("peft", MadeUpPlans.Vilt(skipped.ToString()), "peft");
            Assert.Equal(Enumerable.Range(0, 12).Where(layer => !skipped.Contains(layer)), Replicated(Config()));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Export_Lora_TargetsTheRenumberedProjections()
    {
        AdapterPlacement[] lora =
            [MadeUpPlans.Lora("model.layers.0", "attention"), MadeUpPlans.Lora("model.layers.2", "feed-forward", rank: 8, scale: 0.5)];
        _bench.Export("peft", MadeUpPlans.Decoder("llava", "1,3", lora), "peft");
        var config = Config();
        var targets = config.GetProperty("target_modules").EnumerateArray().Select(target => target.GetString()!).ToList();

        // Layer 2 is the second that is left.
        Assert.Equal(
            [
                "model.layers.0.self_attn.q_proj",
                "model.layers.0.self_attn.v_proj",
                "model.layers.1.mlp.down_proj",
                "model.layers.1.mlp.gate_proj",
                "model.layers.1.mlp.up_proj",
            ],
            targets);
        var left = Replicated(config);
        Assert.Equal([0, 2], targets.Select(target => left[int.Parse(target.Split('.')[2], CultureInfo.InvariantCulture)]).Distinct());
        Assert.Equal((4, 8.0), (config.GetProperty("r").GetInt32(), config.GetProperty("lora_alpha").GetDouble()));
        Assert.Equal(8, config.GetProperty("rank_pattern").GetProperty("model.layers.1.mlp.up_proj").GetInt32());
        Assert.Equal(4, config.GetProperty("alpha_pattern").GetProperty("model.layers.1.mlp.up_proj").GetDouble());
        Assert.False(File.Exists(_bench.PathOf("peft/adapter_model.safetensors"))); // nothing is trained yet
    }

    [Fact]
    public void Export_TrainedLora_HasItsWeightsUnderPeftsNames()
    {
        WeightTensor[] trained =
        [
            WeightTensor.Of("model.layers.2.self_attn.q_proj.lora_A.weight", [2, 3], [1, 2, 3, 4, 5, 6]),
            WeightTensor.Of("model.layers.2.self_attn.q_proj.lora_B.weight", [3, 2], [1, 0, 0, 1, 1, 1]),
            WeightTensor.Of("model.layers.2.self_attn.v_proj.lora_A.weight", [2, 3], [6, 5, 4, 3, 2, 1]),
            WeightTensor.Of("model.layers.2.self_attn.v_proj.lora_B.weight", [3, 2], [0, 1, 1, 0, 0, 0]),
            WeightTensor.Of("classifier.weight", [1], [9]),
        ];
        _bench.Export("peft", Trained(trained, rank: 2), "peft");
        var tensors = Tensors();

        Assert.Equal(4, tensors.Count);
        var (shape, numbers) = tensors["base_model.model.model.layers.1.self_attn.v_proj.lora_A.weight"];
        Assert.Equal([2, 3], shape);
        Assert.Equal([6, 5, 4, 3, 2, 1], numbers);
        Assert.Equal(2, Config().GetProperty("r").GetInt32());
    }

    [Fact]
    public void Export_TrainedLoraOfAnotherRank_SaysSoAndWritesNothing()
    {
        WeightTensor[] trained =
        [
            .. new[] { "q_proj", "v_proj" }.SelectMany(projection => new[] { "lora_A", "lora_B" }.Select(
                matrix => WeightTensor.Of($"model.layers.2.self_attn.{projection}.{matrix}.weight", [2, 2], [0, 0, 0, 0]))),
        ];
        var plan = Trained(trained, rank: 3);
        var failure = Assert.Throws<ExportException>(() => _bench.Export("peft", plan, "peft"));
        Assert.EndsWith("of shape [2, 2], which is not one of rank 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["my.plan.safetensors"], _bench.Entries);
    }

    [Fact]
    public void Export_DasAdapters_AreSaidToStayBehind()
    {
        var result = _bench.Export("peft", MadeUpPlans.Vilt("3,5"), "peft");
        Assert.Equal("PEFT has no equivalent of the plan's 22 adapters of type das: they are left out", Assert.Single(result.Notes));
        Assert.Contains(result.Notes[0], File.ReadAllText(_bench.PathOf("peft/README.md")), StringComparison.Ordinal);
        Assert.Contains("ViltModel.from_pretrained", File.ReadAllText(_bench.PathOf("peft/README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Export_Again_ReplacesItsOwnFolderOnly()
    {
        _bench.Export("peft", MadeUpPlans.Vilt("3"), "peft");
        _bench.Export("peft", MadeUpPlans.Vilt("4"), "peft");
        Assert.Equal("[[0,4],[5,12]]", Compact(Config().GetProperty("layer_replication")));
        Assert.Equal(["peft"], _bench.Entries);

        File.WriteAllText(_bench.PathOf("peft/thesis.tex"), "…");
        _bench.Export("peft", MadeUpPlans.Vilt("5"), "peft");
        Assert.Equal("[[0,5],[6,12]]", Compact(Config().GetProperty("layer_replication")));
        Assert.Equal("…", File.ReadAllText(_bench.PathOf("peft/thesis.tex")));

        File.WriteAllText(_bench.PathOf("peft/README.md"), "# An adapter of mine\n");
        var failure = Assert.Throws<OutputUsageException>(() => _bench.Export("peft", MadeUpPlans.Vilt("4"), "peft"));
        Assert.EndsWith("that das wrote: name another one with -o, or replace it with --force", failure.Message, StringComparison.Ordinal);
        Assert.Equal("[[0,5],[6,12]]", Compact(Config().GetProperty("layer_replication")));

        var file = _bench.Write("file", "");
        failure = Assert.Throws<OutputUsageException>(() => _bench.Export("peft", MadeUpPlans.Vilt("5"), "file"));
        Assert.Equal($"the output {file} is a file, but a folder is to be written: name another one with -o", failure.Message);
    }

    [Fact]
    public void Export_WhatPeftCannotExpress_SaysWhy()
    {
        string Refusal(SkipPlan plan)
        {
            var message = Assert.ThrowsAny<DasSearchException>(() => _bench.Export("peft", plan, "peft")).Message;
            Assert.Empty(_bench.Entries);
            return message;
        }

        Assert.EndsWith("is for meter", Refusal(MadeUpPlans.Make("meter", MadeUpPlans.MeterTakingTurns, "5")), StringComparison.Ordinal);
        Assert.EndsWith("there is nothing in it that PEFT can express", Refusal(MadeUpPlans.Vilt("-")), StringComparison.Ordinal);
        Assert.StartsWith("the plan skips every layer", Refusal(MadeUpPlans.Vilt("0,1,2,3,4,5,6,7,8,9,10,11")), StringComparison.Ordinal);
        Assert.StartsWith("LoRA is placed on layers.77", Refusal(WithLora("layers.77", "attention")), StringComparison.Ordinal);
        Assert.EndsWith("not parallel to 'router' of layers.2", Refusal(WithLora("layers.2", "router")), StringComparison.Ordinal);

        static SkipPlan WithLora(string module, string site) => MadeUpPlans.Decoder("lavin", "1", MadeUpPlans.Lora(module, site));
    }

    private SkipPlan Trained(WeightTensor[] tensors, int rank)
    {
        var weights = _bench.PathOf("my.plan.safetensors");
        SafetensorsFile.Write(weights, tensors, new Dictionary<string, string>());
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(weights)));
        return MadeUpPlans.Decoder("llava", "1", MadeUpPlans.Lora("model.layers.2", "attention", rank)) with
        {
            Result = new PlanResult("lora", 0, 1, new Dictionary<string, double>(), null, "my.plan.safetensors", sha256),
        };
    }

    private JsonElement Config() => JsonDocument.Parse(File.ReadAllText(_bench.PathOf("peft/adapter_config.json"))).RootElement;

    // PEFT lists the layers of each range, whose end is not in it, one after the other.
    private static List<int> Replicated(JsonElement config) => [.. config.GetProperty("layer_replication").EnumerateArray()
        .Select(range => (Start: range[0].GetInt32(), End: range[1].GetInt32()))
        .SelectMany(range => Enumerable.Range(range.Start, range.End - range.Start))];

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private static string Text(JsonElement config, string name) => config.GetProperty(name).GetString()!;

    // The format by its specification, without the code that wrote it.
    private Dictionary<string, (long[] Shape, float[] Numbers)> Tensors()
    {
        var bytes = File.ReadAllBytes(_bench.PathOf("peft/adapter_model.safetensors"));
        var header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var json = JsonDocument.Parse(bytes.AsMemory(8, header)).RootElement;
        Assert.Equal((byte)'{', bytes[8]);
        Assert.Equal("pt", json.GetProperty("__metadata__").GetProperty("format").GetString());
        return json.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToDictionary(entry => entry.Name, entry =>
        {
            Assert.Equal("F32", entry.Value.GetProperty("dtype").GetString());
            var offsets = entry.Value.GetProperty("data_offsets");
            var data = bytes[(8 + header + offsets[0].GetInt32())..(8 + header + offsets[1].GetInt32())];
            return (
                entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray(),
                data.Chunk(4).Select(number => BinaryPrimitives.ReadSingleLittleEndian(number)).ToArray());
        });
    }
}
