using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Every export of a decoder's plan, loaded again, and held against the plan's own scores of words.</summary>
public sealed class DecoderExportTests : IDisposable
{
    private const int Layers = 4;

    private static readonly InputShape _input = new(20, 6, 0, 0, Images: 0);
    private static readonly InputShape _stories = new(512, 6, 0, 0, Images: 0);
    private static readonly LlamaConfig _config = new()
    {
        Vocabulary = 20, Width = 16, Layers = Layers, Heads = 4, KeyValueHeads = 2, HeadWidth = 4, InnerWidth = 24, Rotary = RotaryLayout.HalfSplit,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-decoder-");
    private readonly string _checkpoint;

    // Two files with an index, under Hugging Face's names, as large models come.
    public DecoderExportTests()
    {
        manual_seed(7);
        using var model = new Llama(_config, new BackboneRequest { Input = _input });
        var weights = model.state_dict().ToDictionary(static entry => HuggingFace(entry.Key), static entry => entry.Value + (0.3 * randn_like(entry.Value)));
        var shards = weights.GroupBy(static entry => entry.Key.Contains(".1.", StringComparison.Ordinal) ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors").ToList();
        foreach (var shard in shards)
        {
            CheckpointFile.Write(PathOf(shard.Key), shard.ToDictionary());
        }

        _checkpoint = PathOf("model.safetensors.index.json");
        var map = new JsonObject(shards.SelectMany(static shard => shard.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)shard.Key))));
        File.WriteAllText(_checkpoint, new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
        File.WriteAllText(PathOf("config.json"), """{"num_attention_heads": 4, "num_hidden_layers": 4, "layer_types": ["a", "b", "c", "d"], "rms_norm_eps": 1e-5}""");
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Decoder_LoadedAgain_HasThePlansScores()
    {
        var plan = Plan([1, 2]);
        Export("decoder", plan, "short");
        using var exported = Load(PathOf("short/model.safetensors"));
        Assert.Equal(2, exported.Config.Layers);
        Assert.True(Scores(exported, Subnetwork.Whole(2)).allclose(Planned(plan), 0, 0));
        var settings = JsonNode.Parse(File.ReadAllText(PathOf("short/config.json")))!;
        Assert.Equal("2 a d", $"{settings["num_hidden_layers"]} {string.Join(' ', settings["layer_types"]!.AsArray())}");
    }

    [Fact]
    public void Mergekit_CarriedOutOnTheTensors_HasThePlansScores()
    {
        var plan = Plan([0, 2]);
        Export("mergekit", plan, "short.yaml", ("model", "m"));
        var ranges = Regex.Matches(File.ReadAllText(PathOf("short.yaml")), @"layer_range: \[(\d+), (\d+)\]")
            .Select(static range => new[] { int.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture) });
        AssertPassedThrough(ranges, plan);
    }

    [Fact]
    public void PeftsLayerReplication_CarriedOutOnTheTensors_HasThePlansScores()
    {
        var plan = Plan([3]);
        Export("peft", plan, "adapter");
        var config = JsonNode.Parse(File.ReadAllText(PathOf("adapter/adapter_config.json")))!;
        AssertPassedThrough(config["layer_replication"]!.AsArray().Select(static range => range!.AsArray().Select(static end => (int)end!).ToArray()), plan);
    }

    // LLM-Drop's models run nothing of what is in the lists, and load what is there of the rest under its own names.
    [Theory]
    [InlineData(Granularity.Layers, new[] { 1, 3 }, "[1,3] [1,3]", 18)]
    [InlineData(Granularity.SubLayers, new[] { 0, 3, 6 }, "[0,3] [1]", 14)]
    public void LlmDrop_CarriedOut_HasThePlansScores(Granularity granularity, int[] skipped, string expected, int gone)
    {
        var plan = Plan(skipped, granularity);
        Export("llm-drop", plan, "dropped");
        var settings = JsonNode.Parse(File.ReadAllText(PathOf("dropped/config.json")))!;
        var (attentions, feedForward) = (settings["drop_attn_list"]!.AsArray(), settings["drop_mlp_list"]!.AsArray());
        Assert.Equal(expected, $"{attentions.ToJsonString()} {feedForward.ToJsonString()}");
        Assert.Equal(Layers, (int)settings["num_hidden_layers"]!);
        Assert.Equal(CheckpointFile.Read(_checkpoint).Tensors.Count - gone, CheckpointFile.Read(PathOf("dropped/model.safetensors")).Tensors.Count);

        var dropped = new Subnetwork(2 * Layers, attentions.Select(static layer => 2 * (int)layer!).Concat(feedForward.Select(static layer => (2 * (int)layer!) + 1)).Order());
        using var model = Load(PathOf("dropped/model.safetensors"), Granularity.SubLayers, dropped);
        Assert.True(Scores(model, dropped).allclose(Planned(plan), 0, 0));
    }

    // The authors' names and order of rotation, of a model that others trained: nothing beside the file says how many heads it has, and the export does.
    [Fact]
    public void Decoder_OfLlama2c_LoadedAgain_HasThePlansScores()
    {
        var stories = Path.Combine(AppContext.BaseDirectory, "Fixtures", "stories260K.bin");
        var plan = Plan([2], checkpoint: stories, layers: 5);
        PlanExport.Run(ExporterTable.Standard.Named("decoder"), Request(plan, "stories") with { Checkpoint = stories });
        using var whole = Load(stories, input: _stories);
        using var exported = Load(PathOf("stories/model.safetensors"), input: _stories);
        Assert.Equal(4, exported.Config.Layers);
        Assert.True(Scores(exported, Subnetwork.Whole(4)).allclose(Scores(whole, plan.Subnetwork), 0, 0));
        Assert.Contains("convert the checkpoint first", Assert.Throws<ExportException>(
            () => ExporterTable.Standard.Named("llm-drop").Export(Request(plan, "dropped") with { Checkpoint = stories })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decoder_OfWhatItCannotExpress_SaysWhy()
    {
        Assert.Contains("--to llm-drop can express it", Refusal(Plan([0], Granularity.SubLayers), "out"), StringComparison.Ordinal);
        Assert.Contains("skips every layer", Refusal(Plan([0, 1, 2, 3]), "out"), StringComparison.Ordinal);
        Assert.Contains("is the folder of what it is made of", Refusal(Plan([0]), "."), StringComparison.Ordinal);
        File.WriteAllText(PathOf("config.json"), "[]");
        Assert.Contains("config.json beside the checkpoint is no JSON object", Refusal(Plan([0]), "out"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(PathOf("out")));

        string Refusal(SkipPlan plan, string output) => Assert.ThrowsAny<DasSearchException>(() => ExporterTable.Standard.Named("decoder").Export(Request(plan, output))).Message;
    }

    private void AssertPassedThrough(IEnumerable<int[]> ranges, SkipPlan plan)
    {
        var kept = ranges.SelectMany(static range => Enumerable.Range(range[0], range[1] - range[0])).ToList();
        var all = CheckpointFile.Read(_checkpoint).Tensors;
        var left = all.Where(static entry => !entry.Key.StartsWith("model.layers.", StringComparison.Ordinal)).ToDictionary();
        foreach (var (name, tensor) in all.Where(static entry => entry.Key.StartsWith("model.layers.", StringComparison.Ordinal)))
        {
            var parts = name.Split('.', 4);
            if (kept.IndexOf(int.Parse(parts[2], CultureInfo.InvariantCulture)) is >= 0 and var number)
            {
                left[$"model.layers.{number}.{parts[3]}"] = tensor;
            }
        }

        var path = PathOf("passed.safetensors");
        CheckpointFile.Write(path, left);
        using var model = Load(path);
        Assert.True(Scores(model, Subnetwork.Whole(kept.Count)).allclose(Planned(plan), 0, 0));
    }

    private void Export(string target, SkipPlan plan, string output, params (string Key, string Value)[] options) =>
        PlanExport.Run(ExporterTable.Standard.Named(target), Request(plan, output, options));

    private ExportRequest Request(SkipPlan plan, string output, params (string Key, string Value)[] options) =>
        new(plan, PathOf("my.plan.json"), PathOf(output), Database: null, Checkpoint: _checkpoint, options.ToDictionary(static option => option.Key, static option => option.Value));

    private SkipPlan Plan(int[] skipped, Granularity granularity = Granularity.Layers, string? checkpoint = null, int layers = Layers)
    {
        var modules = LlamaCosts.Describe(_config with { Layers = layers }, _input, granularity).Modules;
        return new SkipPlan(
            "llama",
            "a task",
            modules.Count,
            granularity,
            new PlanProvenance(null, null, null, null, "0.1.0", checkpoint ?? _checkpoint, FileHash.Sha256(checkpoint ?? _checkpoint)),
            [.. skipped.Select(index => new SkippedModule(index, modules[index].Name, modules[index].Kind, null))],
            [],
            null);
    }

    private Tensor Planned(SkipPlan plan)
    {
        using var model = Load(_checkpoint, plan.Granularity);
        return Scores(model, plan.Subnetwork);
    }

    private static Tensor Scores(Llama model, Subnetwork skipped)
    {
        using var unrecorded = no_grad();
        var ids = tensor(new long[] { 1, 4, 19, 7, 7, 2 }).unsqueeze(0);
        var features = model.Run(new BackboneInput(ids, ones_like(ids, ScalarType.Bool)), skipped, Attachments.None, FeatureKind.Tokens);
        return features.Words!(features.Streams[0]);
    }

    private static Llama Load(string path, Granularity granularity = Granularity.Layers, Subnetwork? absent = null, InputShape? input = null)
    {
        var request = new BackboneRequest { Input = input ?? _input, Checkpoint = path, Granularity = granularity, Absent = absent };
        var model = (Llama)BackboneTable.BuiltIn.Named("llama").Load(request).Backbone;
        model.eval();
        return model;
    }

    internal static string HuggingFace(string name) => name switch
    {
        "tok_embeddings.weight" => "model.embed_tokens.weight",
        "norm.weight" => "model.norm.weight",
        "output.weight" => "lm_head.weight",
        _ => "model." + name
            .Replace("attention_norm", "input_layernorm", StringComparison.Ordinal).Replace("ffn_norm", "post_attention_layernorm", StringComparison.Ordinal)
            .Replace("feed_forward.w1", "mlp.gate_proj", StringComparison.Ordinal).Replace("feed_forward.w2", "mlp.down_proj", StringComparison.Ordinal)
            .Replace("feed_forward.w3", "mlp.up_proj", StringComparison.Ordinal)
            .Replace("attention.wq", "self_attn.q_proj", StringComparison.Ordinal).Replace("attention.wk", "self_attn.k_proj", StringComparison.Ordinal)
            .Replace("attention.wv", "self_attn.v_proj", StringComparison.Ordinal).Replace("attention.wo", "self_attn.o_proj", StringComparison.Ordinal),
    };

    private string PathOf(string name) => Path.GetFullPath(Path.Combine(_folder.FullName, name));
}
