using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>LLaMA beside PyTorch's results; the fixtures are made by Fixtures/make_llama.py.</summary>
public sealed class LlamaTests : IDisposable
{
    private static readonly InputShape _tiny = new(11, 5, 0, 0, Images: 0);
    private static readonly InputShape _stories = new(512, 200, 0, 0, Images: 0);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-llama-");

    private static BackboneEntry Entry => BackboneTable.BuiltIn.Named("llama");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("adjacent", "out.")]
    [InlineData("half-split", "out.half.")]
    public void Run_OfSharedKeys_IsPyTorchs(string rotary, string prefix)
    {
        var fixture = Read("llama.safetensors");
        var path = Write("llama.safetensors", Weights(fixture), new() { ["heads"] = "4", ["rotary"] = rotary });
        using var model = Load(path, _tiny);
        Assert.Equal((4, 2, 4, 24), (model.Config.Heads, model.Config.KeyValueHeads, model.Config.HeadWidth, model.Config.InnerWidth));
        AssertScores(fixture, model, prefix);
    }

    [Fact]
    public void Run_WithoutALayer_IsPyTorchs()
    {
        var fixture = Read("llama.safetensors");
        using var model = Load(Fixture("llama.safetensors"), _tiny, absent: new Subnetwork(3, [1]));
        AssertClose(fixture, "out.skipped.scores", Scores(model, Input(fixture), new Subnetwork(3, [1])), 1e-5);
    }

    [Fact]
    public void Load_OfHuggingFacesNames_TurnsHalves_AndReadsConfigJson()
    {
        var fixture = Read("llama.safetensors");
        var path = Write("model.safetensors", Weights(fixture).ToDictionary(static entry => HuggingFace(entry.Key), static entry => entry.Value), []);
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), """{"num_attention_heads": 4, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "rope_scaling": null, "max_position_embeddings": 64}""");
        using var model = Load(path, _tiny);
        Assert.Equal((RotaryLayout.HalfSplit, 64), (model.Config.Rotary, model.Config.Length!.Value));
        AssertScores(fixture, model, "out.half.");
    }

    [Theory]
    [InlineData("""{"num_attention_heads": 4, "rope_scaling": {"rope_type": "llama3", "factor": 8}}""", "scales rotary positions by 'llama3'")]
    [InlineData("""{"num_attention_heads": 4.5}""", "num_attention_heads is 4.5, expected a positive integer")]
    [InlineData("""{"num_attention_heads": 4, "hidden_act": "gelu"}""", "hidden_act is 'gelu', expected silu")]
    [InlineData("""{"num_attention_heads": 3}""", "expected 3 heads of an even width")]
    [InlineData("""{"num_attention_heads": 4, "max_position_embeddings": 4}""", "reads texts of at most 4 tokens, the task's have 5")]
    [InlineData("[4]", "is no object of settings")]
    [InlineData("{", "is no JSON")]
    public void Load_OfSettingsThatItIsNotComputedBy_SaysWhich(string config, string expected)
    {
        var path = Write("model.safetensors", Weights(Read("llama.safetensors")), []);
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), config);
        Assert.Contains(expected, Assert.ThrowsAny<DasSearchException>(() => Load(path, _tiny)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutAnOutput_ScoresWordsByTheirEmbeddings()
    {
        var fixture = Read("llama.safetensors");
        var path = Write("tied.safetensors", Weights(fixture).Where(static entry => entry.Key != "output.weight").ToDictionary(), new() { ["heads"] = "4" });
        using var model = Load(path, _tiny);
        using var unrecorded = no_grad();
        var tokens = model.Run(Input(fixture), Subnetwork.Whole(3), Attachments.None, FeatureKind.Tokens).Streams[0];
        Assert.True(Scores(model, Input(fixture), Subnetwork.Whole(3)).allclose(tokens.matmul(fixture["tok_embeddings.weight"].t()), 1e-5, 1e-5));
    }

    [Fact]
    public void Load_OfBiases_SaysThatItIsOfAnotherFamily()
    {
        var weights = Weights(Read("llama.safetensors"));
        weights["layers.1.attention.wq.bias"] = zeros(16);
        var error = Assert.Throws<DasSearchException>(() => Load(Write("qwen.safetensors", weights, new() { ["heads"] = "4" }), _tiny));
        Assert.Contains("has layers.1.attention.wq.bias, expected Linears without biases", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutACheckpoint_AsksForSizes()
    {
        var error = Assert.Throws<ConfigException>(() => Entry.Describe(new BackboneRequest { Input = _tiny }));
        Assert.StartsWith("model.width must be set", error.Message, StringComparison.Ordinal);
        using var fresh = (Llama)Entry.Load(new BackboneRequest { Input = _tiny, Sizes = new ModelConfig { Width = 32, Layers = 2, Heads = 4 } }).Backbone;
        Assert.Equal((8, 256), (fresh.Config.HeadWidth, fresh.Config.InnerWidth));
    }

    [Fact]
    public void Run_InBFloat16_IsNearFloat32()
    {
        var fixture = Read("llama.safetensors");
        using var model = Load(Fixture("llama.safetensors"), _tiny);
        var expected = Scores(model, Input(fixture), Subnetwork.Whole(3));
        foreach (var parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        FrozenWeights.Store(model, ScalarType.BFloat16);
        var found = Scores(model, Input(fixture), Subnetwork.Whole(3));
        Assert.Equal(ScalarType.Float32, found.dtype);
        Assert.True((found - expected).abs().mean().item<float>() < 0.05 * expected.abs().mean().item<float>());
        Assert.False(found.allclose(expected, 1e-5, 1e-5));
    }

    [Fact]
    public void Profile_AtThePapersSize_HasPublishedCounts()
    {
        var paper = LlamaCosts.DescribeProfiled();
        Assert.Equal(6_738_415_616, paper.Parameters.Sum(static parameter => parameter.Count)); // LLaMA-7B
        Assert.All(paper.Modules, static module => Assert.Equal(202_379_264 + 4096, module.Parameters)); // papers.md, B.3, and the attention's norm
        Assert.Equal(11_008, LlamaConfig.InnerWidthOf(4096));
    }

    [Fact]
    public void Continue_OfStories_WritesPyTorchs200Tokens_WithAndWithoutACache()
    {
        var (expected, model) = (Read("stories.safetensors")["tokens"].data<long>().ToArray(), Stories());
        using (model)
        {
            var whole = Subnetwork.Whole(5);
            using var cache = new KeyValueCache();
            var cached = new GreedyWriter(model, whole, Attachments.None).Continue([1], 200, end: null, cache);
            Assert.Equal(expected[1..], cached);
            Assert.Equal(cached, new GreedyWriter(model, whole, Attachments.None) { IsCached = false }.Continue([1], 200));
            Assert.Equal((5, 200L, 200L * 5 * 2 * 32), (cache.Attentions.Count, cache.Tokens, cache.Count));
            Assert.Equal(expected[1..4], new GreedyWriter(model, whole, Attachments.None).Continue([1], 200, end: expected[3]));
        }
    }

    [Theory]
    [InlineData(Granularity.Layers, new[] { 1, 3 }, new[] { "layers.0.attention", "layers.2.attention", "layers.4.attention" })]
    [InlineData(Granularity.SubLayers, new[] { 0, 5, 6 }, new[] { "layers.1.attention", "layers.2.attention", "layers.4.attention" })]
    public void Continue_WithoutModules_NeitherKeepsNorComputesThem(Granularity granularity, int[] skipped, string[] attentions)
    {
        using var model = Stories(granularity);
        var plan = new Subnetwork(model.Description.Modules.Count, skipped);
        using var planned = Stories(granularity, plan); // which could not compute them
        using var cache = new KeyValueCache();
        var found = new GreedyWriter(planned, plan, Attachments.None).Continue([1, 7, 300], 40, end: null, cache);
        Assert.Equal(attentions, cache.Attentions);
        Assert.Equal(42L * 3 * 2 * 32, cache.Count);
        Assert.Equal(new GreedyWriter(model, plan, Attachments.None) { IsCached = false }.Continue([1, 7, 300], 40), found);
    }

    [Fact]
    public void Loss_OfStoriesWithoutEachLayer_IsPyTorchs()
    {
        using var model = Stories();
        var fixture = Read("stories.safetensors");
        var (tokens, losses) = (fixture["tokens"], fixture["losses"].data<float>().ToArray());
        Subnetwork[] plans = [Subnetwork.Whole(5), .. Enumerable.Range(0, 5).Select(static layer => new Subnetwork(5, [layer]))];
        Assert.All(plans.Zip(losses), plan =>
        {
            var ids = tokens.narrow(0, 0, 200).unsqueeze(0);
            var scores = Scores(model, new BackboneInput(ids, ones_like(ids, ScalarType.Bool)), plan.First).squeeze(0);
            Assert.Equal(plan.Second, nn.functional.cross_entropy(scores, tokens.narrow(0, 1, 200)).item<float>(), 1e-4f);
        });
    }

    [PyTorchFact]
    public void Run_OfTwoLayersOfThePapersWidth_IsPyTorchs()
    {
        var path = Path.Combine(_folder.FullName, "wide.safetensors");
        PyTorch.Run(Fixture("make_llama.py"), "full", path);
        var fixture = Read(path);
        using var model = Load(path, new InputShape(512, 24, 0, 0, Images: 0));
        Assert.Equal((2, 4096, 32, 11_008), (model.Config.Layers, model.Config.Width, model.Config.Heads, model.Config.InnerWidth));
        AssertScores(fixture, model, "out.", 1e-4);
    }

    private static void AssertScores(IReadOnlyDictionary<string, Tensor> fixture, Llama model, string prefix, double tolerance = 1e-5)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var whole = Subnetwork.Whole(model.Config.Layers);
        var traced = model.Trace(Input(fixture), whole, Attachments.None);
        for (var i = 0; i < whole.Modules; i++)
        {
            AssertClose(fixture, $"{prefix}stream.{i}", traced.Modules[i].Stream, tolerance);
        }

        AssertClose(fixture, prefix + "scores", Scores(model, Input(fixture), whole), tolerance);
    }

    private static void AssertClose(IReadOnlyDictionary<string, Tensor> fixture, string name, Tensor found, double tolerance)
    {
        // What padding has come to is nobody's concern.
        var mask = fixture["in.mask"].unsqueeze(-1);
        var expected = fixture[name];
        Assert.Equal(expected.shape, found.shape);
        var (one, other) = (found.masked_fill(mask.logical_not(), 0), expected.masked_fill(mask.logical_not(), 0));
        Assert.True(one.allclose(other, tolerance, tolerance), $"{name} differs by {(one - other).abs().max().item<float>()}");
    }

    private static Tensor Scores(Llama model, BackboneInput input, Subnetwork skipped)
    {
        using var unrecorded = no_grad();
        var features = model.Run(input, skipped, Attachments.None, FeatureKind.Tokens);
        return features.Words!(features.Streams[0]);
    }

    private static Llama Stories(Granularity granularity = Granularity.Layers, Subnetwork? absent = null) =>
        Load(Fixture("stories260K.bin"), _stories, granularity, absent);

    private static Llama Load(string path, InputShape input, Granularity granularity = Granularity.Layers, Subnetwork? absent = null)
    {
        var model = (Llama)Entry.Load(new BackboneRequest { Input = input, Checkpoint = path, Granularity = granularity, Absent = absent }).Backbone;
        model.eval();
        return model;
    }

    private string Write(string name, Dictionary<string, Tensor> weights, Dictionary<string, string> metadata)
    {
        var path = Path.Combine(_folder.FullName, name);
        CheckpointFile.Write(path, weights, metadata);
        return path;
    }

    private static Dictionary<string, Tensor> Weights(IReadOnlyDictionary<string, Tensor> fixture) =>
        fixture.Where(static entry => !entry.Key.StartsWith("in.", StringComparison.Ordinal) && !entry.Key.StartsWith("out.", StringComparison.Ordinal)).ToDictionary();

    private static string HuggingFace(string name) => name switch
    {
        "tok_embeddings.weight" => "model.embed_tokens.weight",
        "norm.weight" => "model.norm.weight",
        "output.weight" => "lm_head.weight",
        _ => "model." + name
            .Replace("attention_norm", "input_layernorm", StringComparison.Ordinal).Replace("ffn_norm", "post_attention_layernorm", StringComparison.Ordinal)
            .Replace("attention.w", "self_attn.", StringComparison.Ordinal).Replace("feed_forward.w1", "mlp.gate_proj", StringComparison.Ordinal)
            .Replace("feed_forward.w2", "mlp.down_proj", StringComparison.Ordinal).Replace("feed_forward.w3", "mlp.up_proj", StringComparison.Ordinal)
            .Replace(".q.", ".q_proj.", StringComparison.Ordinal).Replace(".k.", ".k_proj.", StringComparison.Ordinal)
            .Replace(".v.", ".v_proj.", StringComparison.Ordinal).Replace(".o.", ".o_proj.", StringComparison.Ordinal),
    };

    private static BackboneInput Input(IReadOnlyDictionary<string, Tensor> fixture) => new(fixture["in.ids"], fixture["in.mask"]);

    private static IReadOnlyDictionary<string, Tensor> Read(string name) => CheckpointFile.Read(Fixture(name)).Tensors;

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
}
