using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using DasSearch.Transfer.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>METER against plain PyTorch (Fixtures/make_meter.py): a tiny one, and where PyTorch is installed one of the paper's size.</summary>
public sealed class MeterTests : IDisposable
{
    private const int Pairs = 2;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IReadOnlyDictionary<string, Tensor> _fixture = CheckpointFile.Read(Tiny).Tensors;
    private readonly IBackbone _model = Load(Tiny, new InputShape(11, 5, 8, 8)).Backbone;

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    private static string Tiny => Path.Combine(AppContext.BaseDirectory, "Fixtures", "meter.safetensors");

    [Fact]
    public void Trace_OfNothingSkipped_IsPyTorchsAtEveryBoundary() => AssertTraced(_fixture, _model, Attachments.None, "out.", Subnetwork.Whole(2 * Pairs));

    [Fact]
    public void Trace_WithDasAdapters_HasThemWherePapersHave()
    {
        using var adapters = Attach();
        AssertTraced(_fixture, _model, adapters.Attachments, "out.adapted.", Subnetwork.Whole(2 * Pairs));
        AssertTraced(_fixture, _model, adapters.Attachments, "out.skipped.", new Subnetwork(2 * Pairs, [1, 2])); // image 0 and text 1
    }

    [Fact]
    public void Adapters_AreNamedAsInTheAuthorsCode()
    {
        using var adapters = Attach();
        Assert.All(adapters.Parameters.Keys, name => Assert.Contains(name, _fixture.Keys));
        Assert.Equal(_fixture.Keys.Count(static name => name.Contains("adapter", StringComparison.Ordinal) && !name.StartsWith("out.", StringComparison.Ordinal)), adapters.Parameters.Count);
    }

    [Theory]
    [InlineData("prompt-deep", "out.deep.", "")]
    [InlineData("prompt-deep", "out.deep-skipped.", "2")] // text 1
    [InlineData("prompt-shallow", "out.shallow.", "")]
    public void Trace_WithPrompts_HasThemAtTheEndsOfBothStreams(string method, string prefix, string skipped)
    {
        var settings = new TransferSettings { Adapters = new AdapterConfig { SkipBottleneck = 6 }, Options = new Dictionary<string, string> { ["tokens"] = "3" } };
        using var prompts = Attach(_model, method, settings);
        AssertTraced(_fixture, _model, prompts.Attachments, prefix, Skipped(skipped, 2 * Pairs));
    }

    [Fact]
    public void Trace_WithDeepPromptsInEachAttention_IsThatOfWholeLayers()
    {
        using var parts = Load(Tiny, new InputShape(11, 5, 8, 8), Granularity.SubLayers).Backbone;
        using var prompts = Attach(parts, "prompt-deep", new TransferSettings { Options = new Dictionary<string, string> { ["tokens"] = "3" }, Replacing = [] });
        AssertTraced(_fixture, parts, prompts.Attachments, "out.deep.", Subnetwork.Whole(4 * Pairs));
    }

    [Theory]
    [InlineData("out.pia.", "")]
    [InlineData("out.pia-skipped.", "1,2,6,7")] // text 0's attention to the image, image 0's to itself, both of image 1
    public void Trace_WithPia_IsThatOfEfficientAttentionSkipping(string prefix, string skipped)
    {
        using var parts = Load(Tiny, new InputShape(11, 5, 8, 8), Granularity.SubLayers).Backbone;
        using var pia = Attach(parts, "pia", _pia);
        AssertTraced(_fixture, parts, pia.Attachments, prefix, Skipped(skipped, 4 * Pairs));
    }

    [Fact]
    public void Pia_AtItsStart_ChangesNothing()
    {
        using var unrecorded = no_grad();
        using var parts = Load(Tiny, new InputShape(11, 5, 8, 8), Granularity.SubLayers).Backbone;
        parts.Network.eval();
        using var pia = TransferTable.BuiltIn.Named("pia").AttachWhole(new AttachRequest(parts, _pia, CPU, []));
        foreach (var skipped in new[] { Subnetwork.Whole(4 * Pairs), Skipped("1,2,6,7", 4 * Pairs), new Subnetwork(4 * Pairs, Enumerable.Range(0, 4 * Pairs)) })
        {
            var (with, without) = (parts.Run(Input(_fixture), skipped, pia.Attachments), parts.Run(Input(_fixture), skipped, Attachments.None));
            Assert.True(with.Summary!.allclose(without.Summary!, 1e-6, 1e-6), $"without {skipped}");
        }
    }

    [Fact]
    public void Pia_InPlaceOfAttentionToTheOtherStream_IsCountedByBothStreamsTokens()
    {
        var paper = new BackboneRequest { Input = new InputShape(50_265, 40, 384, 384), Granularity = Granularity.SubLayers };
        var settings = new TransferSettings { Adapters = new AdapterConfig { SkipBottleneck = 144, Replacement = "pia" } };
        var costs = new PiaTransfer().NetworkCosts(BackboneTable.BuiltIn.Named("meter").Describe(paper), settings);
        const long d = 768, h = 144, text = 40, image = 577;
        Assert.All(costs.Modules, static module => Assert.Equal((2 * ((d * h) + h)) + (d * h / 2) + d, module.ReplacementParameters));
        Assert.Equal(
            [text * d * h * 5 / 2, (text * d * h * 3 / 2) + (image * d * h), image * d * h * 5 / 2, (image * d * h * 3 / 2) + (text * d * h)],
            costs.Modules.Take(4).Select(static module => module.ReplacementMultiplyAccumulates));
    }

    [Fact]
    public void Modules_AreThePairsLayers_AndAsInEasTheirAttentions()
    {
        Assert.Equal(
            ["cross_modal_text_layers.0", "cross_modal_image_layers.0", "cross_modal_text_layers.1", "cross_modal_image_layers.1"],
            _model.Description.Modules.Select(static module => module.Name));
        Assert.Equal(["text", "image", "text", "image"], _model.Description.Modules.Select(static module => module.Stream));

        using var parts = Load(Tiny, new InputShape(11, 5, 8, 8), Granularity.SubLayers).Backbone;
        Assert.Equal(4 * Pairs, parts.Description.Modules.Count);
        Assert.Equal("cross_modal_image_layers.1.crossattention", parts.Description.Modules[^1].Name);
        Assert.Equal(ModuleKind.CrossAttention, parts.Description.Modules[^1].Kind);
    }

    [Fact]
    public void Run_OfAttentionsSkipped_KeepsNormsAndFeedForwardParts()
    {
        using var unrecorded = no_grad();
        using var parts = Load(Tiny, new InputShape(11, 5, 8, 8), Granularity.SubLayers).Backbone;
        parts.Network.eval();
        var all = new Subnetwork(4 * Pairs, Enumerable.Range(0, 4 * Pairs));
        var state = parts.Embed(Input(_fixture), Attachments.None).State();
        var found = parts.Run(Input(_fixture), all, Attachments.None, FeatureKind.Tokens);
        foreach (var (stream, own) in new[] { ("text", 0), ("image", 1) })
        {
            var x = state.Streams[own];
            for (var i = 0; i < Pairs; i++)
            {
                var layer = $"cross_modal_{stream}_layers.{i}.";
                x = Norm(layer + "crossattention.output", Norm(layer + "attention.output", x));
                var inner = nn.functional.linear(x, _fixture[layer + "intermediate.dense.weight"], _fixture[layer + "intermediate.dense.bias"]).gelu();
                x = Norm(layer + "output", nn.functional.linear(inner, _fixture[layer + "output.dense.weight"], _fixture[layer + "output.dense.bias"]) + x);
            }

            Assert.True(found.Streams[own].allclose(x, 1e-5, 1e-5));
        }

        Tensor Norm(string place, Tensor x) =>
            nn.functional.layer_norm(x, [16], _fixture[place + ".LayerNorm.weight"], _fixture[place + ".LayerNorm.bias"], 1e-12);
    }

    [Fact]
    public void Trace_WithScaledAdapters_HasThemBehindTheNormsOfAttentions()
    {
        using var adapters = TransferTable.BuiltIn.Named("scaled-pa").AttachWhole(new AttachRequest(
            _model, new TransferSettings { Options = new Dictionary<string, string> { ["bottleneck"] = "4" } }, CPU, []));
        Assert.Equal(
            _model.Description.SubLayers.Where(static place => place.Kind != ModuleKind.FeedForward).Select(static place => place.Name + ".output.LayerNorm").Order(StringComparer.Ordinal),
            adapters.Attachments.Branches.Keys.Order(StringComparer.Ordinal));

        // The last attention that the summary's image reads: what it adds reaches the feed-forward part with no norm between.
        using var unrecorded = no_grad();
        _model.Network.eval();
        const string last = "cross_modal_image_layers.1.crossattention";
        var inner = adapters.Attachments.Branches[last + ".output.LayerNorm"];
        foreach (var parameter in inner.parameters())
        {
            _ = parameter.add_(0.1 * randn_like(parameter));
        }

        var one = new Attachments { Branches = new Dictionary<string, Branch> { [last + ".output.LayerNorm"] = inner } };
        var seen = new Dictionary<string, Tensor>();
        _ = _model.Run(Input(_fixture), Subnetwork.Whole(2 * Pairs), Watched("cross_modal_image_layers.1.intermediate.dense", seen, Attachments.None));
        var before = seen["read"];
        _ = _model.Run(Input(_fixture), Subnetwork.Whole(2 * Pairs), Watched("cross_modal_image_layers.1.intermediate.dense", seen, one));
        var read = Watched(last + ".self.query", seen, Attachments.None);
        var after = seen["read"];
        _ = _model.Run(Input(_fixture), Subnetwork.Whole(2 * Pairs), read);
        var added = inner.call(seen["read"], seen["read"], zeros_like(before));
        Assert.True(after.allclose(before + added, 1e-5, 1e-5), $"differs by {(after - before - added).abs().max().item<float>()}");
    }

    // Keeps what a Linear reads, in a run of which all tokens are wanted.
    private Attachments Watched(string place, Dictionary<string, Tensor> seen, Attachments attached)
    {
        return attached with { Projections = new Dictionary<string, Projection> { [place] = new Watch(Keep) } };

        void Keep(Tensor read)
        {
            _scope.Attach(read);
            seen["read"] = read;
        }
    }

    private sealed class Watch(Action<Tensor> see) : Projection(nameof(Watch))
    {
        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            see(input.alias().DetachFromDisposeScope());
            return own(input);
        }
    }

    // As METER's authors have it, before DAS added the token; papers.md, B.2.
    [Fact]
    public void Load_OfACheckpointFromBeforeDas_BeginsTheFirstTokenWithTheEncodersEmbedding()
    {
        var sizes = new ModelConfig { Width = 128, Heads = 4, Layers = 1, PatchSize = 4 };
        var request = new BackboneRequest { Input = new InputShape(11, 5, 8, 8), Sizes = sizes };
        using var made = (Meter)BackboneTable.BuiltIn.Named("meter").Load(request).Backbone;
        var path = Path.Combine(Path.GetTempPath(), $"das-meter-before-{Environment.ProcessId}.safetensors");
        try
        {
            var own = made.named_parameters().Where(static entry => entry.name != "token4classifier");
            CheckpointFile.Write(path, own.ToDictionary(static entry => entry.name, static entry => (Tensor)entry.parameter), made.Metadata);
            var said = new List<string>();
            using var read = (Meter)BackboneTable.BuiltIn.Named("meter").Load(new BackboneRequest { Input = request.Input, Checkpoint = path, Note = said.Add }).Backbone;
            Assert.Equal(made.Config, read.Config); // with the encoders' heads, which no shape tells
            Assert.Equal($"checkpoint {path} has no token4classifier, which came with DAS: it starts as the text encoder's embedding of <s>, as in the code of DAS", Assert.Single(said));

            var weights = made.named_parameters().ToDictionary(static entry => entry.name, static entry => (Tensor)entry.parameter);
            Tensor Row(string table, int row) => weights[$"text_transformer.embeddings.{table}_embeddings.weight"][row];
            var expected = nn.functional.layer_norm(
                Row("word", 0) + Row("position", 2) + Row("token_type", 0), [128], weights["text_transformer.embeddings.LayerNorm.weight"], weights["text_transformer.embeddings.LayerNorm.bias"], 1e-5);
            var found = read.named_parameters().Single(static entry => entry.name == "token4classifier").parameter;
            Assert.True(found.flatten().allclose(expected, 1e-5, 1e-6));
            Assert.True(found.requires_grad);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_AtAnotherImageSize_ResizesPositionsBicubically()
    {
        using var large = Load(Tiny, new InputShape(11, 5, 16, 16)).Backbone;
        var table = large.Network.named_parameters().Single(static entry => entry.name == "vit_model.visual.positional_embedding").parameter;
        var own = _fixture["vit_model.visual.positional_embedding"]; // [1 + 2 · 2, 12]
        Assert.Equal([17L, 12L], table.shape);
        Assert.Equal(own.narrow(0, 0, 1).bytes.ToArray(), table.narrow(0, 0, 1).bytes.ToArray());
        var expected = nn.functional.interpolate(
            own.narrow(0, 1, 4).t().reshape(1, 12, 2, 2), [4L, 4L], mode: InterpolationMode.Bicubic, align_corners: false).flatten(2).squeeze(0).t();
        Assert.True(table.narrow(0, 1, 16).allclose(expected));
    }

    [Fact]
    public void Load_ForTwoImages_BeginsTheSecondsModalityWithTheFirsts()
    {
        using var both = Load(Tiny, new InputShape(11, 5, 8, 8, Images: 2)).Backbone;
        var table = both.Network.named_parameters().Single(static entry => entry.name == "token_type_embeddings.weight").parameter;
        Assert.Equal([3L, 16L], table.shape);
        Assert.Equal(_fixture["token_type_embeddings.weight"][1].bytes.ToArray(), table[2].bytes.ToArray());
    }

    [Fact]
    public void Load_OfAViltsCheckpoint_SaysThatItIsOfAnotherBackbone()
    {
        var error = Assert.Throws<DasSearchException>(() => Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "vilt.safetensors"), new InputShape(11, 5, 8, 8)));
        Assert.Contains("it is no METER's", error.Message, StringComparison.Ordinal);
    }

    // papers.md, H.2, H.3
    [Fact]
    public void Profile_AtThePapersSize_HasPublishedCounts()
    {
        var paper = MeterCosts.DescribeProfiled();
        const int firstToken = 768;
        Assert.Equal(319_474_688 + firstToken, paper.Parameters.Sum(static parameter => parameter.Count));
        Assert.Equal(124_645_632, paper.Parameters.Where(static parameter => parameter.Name.StartsWith("text_transformer.", StringComparison.Ordinal)).Sum(static parameter => parameter.Count));
        Assert.All(paper.Modules, static module => Assert.Equal(9_451_776, module.Parameters));
        Assert.Equal(1.0489, paper.Modules[0].MultiplyAccumulates / 1e9, 4);
        Assert.Equal(5.3586, paper.Modules[1].MultiplyAccumulates / 1e9, 4);
        Assert.Equal(93.13, (paper.OutsideMultiplyAccumulates + paper.Modules.Sum(static module => module.MultiplyAccumulates)) / 1e9, 2);

        var das = new TransferSettings { Adapters = new AdapterConfig { SkipBottleneck = 288 } };
        var costs = new DasTransfer().NetworkCosts(paper, das);
        Assert.All(costs.Modules, static module => Assert.Equal((444_960L, 449_568L), (module.ReplacementParameters, module.AttachedParameters)));
        Assert.Equal(-12.00, costs.Of(new Subnetwork(12, [8, 9, 10, 11])).ChangePercent, 2); // the paper: −11.97 %
    }

    [PyTorchFact]
    public void Trace_AtThePapersSizeAnd288Pixels_IsPyTorchs()
    {
        var path = Path.Combine(Path.GetTempPath(), $"das-meter-{Environment.ProcessId}.safetensors");
        try
        {
            PyTorch.Run(Path.Combine(AppContext.BaseDirectory, "Fixtures", "make_meter.py"), "full", path);
            using var model = Load(path, new InputShape(50_265, 50, 288, 288)).Backbone;
            Assert.Equal(319_281_152 + 768, model.Network.parameters().Sum(static parameter => parameter.numel()));
            AssertTraced(CheckpointFile.Read(path).Tensors, model, Attachments.None, "out.", Subnetwork.Whole(12), tolerance: 1e-4);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static LoadedBackbone Load(string checkpoint, InputShape input, Granularity granularity = Granularity.Layers) =>
        BackboneTable.BuiltIn.Named("meter").Load(new BackboneRequest { Input = input, Checkpoint = checkpoint, Granularity = granularity });

    private static BackboneInput Input(IReadOnlyDictionary<string, Tensor> fixture) => new(fixture["in.ids"], fixture["in.mask"], fixture["in.image"]);

    private static readonly TransferSettings _pia = new()
    {
        Adapters = new AdapterConfig { SkipBottleneck = 6, Replacement = "pia" }, Options = new Dictionary<string, string> { ["bottleneck"] = "4" },
    };

    private static Subnetwork Skipped(string modules, int count) => modules.Length == 0 ? Subnetwork.Whole(count) : Subnetwork.Parse(modules, count);

    private Attached Attach() =>
        Attach(_model, "das", new TransferSettings { Adapters = new AdapterConfig { SkipBottleneck = 6, ParallelBottleneck = 4 } });

    private Attached Attach(IBackbone model, string method, TransferSettings settings)
    {
        var attached = TransferTable.BuiltIn.Named(method).AttachWhole(new AttachRequest(model, settings, CPU, []));
        attached.Module?.eval(); // without dropout
        using var unrecorded = no_grad();
        foreach (var (name, target) in attached.Parameters)
        {
            target.copy_(_fixture[name]);
        }

        return attached;
    }

    private static void AssertTraced(
        IReadOnlyDictionary<string, Tensor> fixture, IBackbone model, Attachments attached, string prefix, Subnetwork skipped, double tolerance = 1e-5)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        model.Network.eval();
        var embedded = model.Embed(Input(fixture), attached).State();
        AssertClose(prefix + "text.0", embedded.Streams[0]);
        AssertClose(prefix + "image.0", embedded.Streams[1]);
        var traced = model.Trace(Input(fixture), skipped, attached);
        var parts = model.Description.Modules[0].Kind.IsLayer() ? 1 : 2; // a layer ends with its last
        for (var i = 0; i < skipped.Modules / parts; i++)
        {
            AssertClose($"{prefix}{(i % 2 == 0 ? "text" : "image")}.{(i / 2) + 1}", traced.Modules[(parts * i) + parts - 1].Stream);
        }

        AssertClose(prefix + "summary", traced.Features.Summary!);
        AssertClose(prefix + "summary", model.Run(Input(fixture), skipped, attached).Summary!);

        void AssertClose(string name, Tensor found)
        {
            var expected = fixture[name];
            Assert.Equal(expected.shape, found.shape);
            Assert.True(found.allclose(expected, tolerance, tolerance), $"{name} differs by {(found - expected).abs().max().item<float>()}");
        }
    }
}

/// <summary>A fact that asks PyTorch.</summary>
public sealed class PyTorchFactAttribute : FactAttribute
{
    public PyTorchFactAttribute() => Skip = PyTorch.Missing;
}
