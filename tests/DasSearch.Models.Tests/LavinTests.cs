using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>A LLaMA that is shown images, beside PyTorch's results; the fixture is made by Fixtures/make_lavin.py.</summary>
public sealed class LavinTests : IDisposable
{
    private static readonly InputShape _tiny = new(11, 10, 8, 8);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-lavin-");
    private readonly IReadOnlyDictionary<string, Tensor> _fixture = CheckpointFile.Read(Fixture("lavin.safetensors")).Tensors;

    private static BackboneEntry Entry => BackboneTable.BuiltIn.Named("lavin");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_OfTextsWithImages_IsPyTorchs_WhateverIsKept(bool isKept)
    {
        using var features = isKept ? new FeatureCache(folder: null, 1 << 20) : null;
        using var model = Load(Fixture("lavin.safetensors"), features);
        Assert.Equal((3, 2, 3, 2, 5), (model.Config.Layers, model.Config.Lavin!.Clip.Image.Layers, model.Config.Lavin.Clip.Image.Heads, model.Config.Lavin.Clip.PatchSize, model.Config.Lavin.InnerWidth));
        for (var again = 0; again < 2; again++)
        {
            using var unrecorded = no_grad();
            AssertClose("out.plain.scores", Scores(model, Attachments.None));
        }

        Assert.Equal(isKept ? 2 : 0, features?.Encoded ?? 0);
    }

    [Fact]
    public void Run_WithAdaptersInTowerAndDecoder_IsPyTorchs_AndSoAreGradients()
    {
        using var model = Load(Fixture("lavin.safetensors"));
        using var attached = Attach(model);
        var named = attached.Parameters.Concat(model.named_parameters().Where(static entry => entry.name.StartsWith("adapter_proj", StringComparison.Ordinal)).Select(static entry => KeyValuePair.Create(entry.name, entry.parameter))).ToList();
        Assert.Equal(_fixture.Keys.Where(static name => name.StartsWith("grad.", StringComparison.Ordinal)).Select(static name => name["grad.".Length..]).Order(), named.Select(static entry => entry.Key).Order());
        using (no_grad())
        {
            foreach (var (name, parameter) in attached.Parameters)
            {
                parameter.copy_(_fixture["trained." + name]);
            }
        }

        var scores = Scores(model, attached.Attachments);
        AssertClose("out.adapted.scores", scores.detach());
        (scores * _fixture["in.weights"]).sum().backward();
        Assert.All(named, entry => Assert.True(
            entry.Value.grad!.allclose(_fixture["grad." + entry.Key], 1e-3, 1e-4), $"{entry.Key}: {(entry.Value.grad! - _fixture["grad." + entry.Key]).abs().max().item<float>()}"));
    }

    [Fact]
    public void Attach_OfFreshAdapters_ChangesNothing_AndCostsWhatIsThere()
    {
        using var model = Load(Fixture("lavin.safetensors"));
        using var attached = Attach(model);
        using var unrecorded = no_grad();
        AssertClose("out.plain.scores", Scores(model, attached.Attachments));
        var costs = new LavinTransfer().Costs(model.Description, Settings);
        Assert.Equal(attached.Parameters.Sum(static entry => entry.Value.numel()), costs.OutsideParameters + costs.Modules.Sum(static module => module.Parameters));
    }

    [Fact]
    public void Load_OfADecoderAndAClip_IsTheSame_AndWithoutTheClipSaysWhereItComesFrom()
    {
        var own = _fixture.Where(static entry => !entry.Key.Contains("in.", StringComparison.Ordinal) && !entry.Key.StartsWith("out.", StringComparison.Ordinal) && !entry.Key.StartsWith("trained.", StringComparison.Ordinal) && !entry.Key.StartsWith("grad.", StringComparison.Ordinal))
            .ToLookup(static entry => entry.Key.StartsWith("vision_model.", StringComparison.Ordinal));
        var decoder = Write("decoder.safetensors", own[false].ToDictionary(), new() { ["heads"] = "4" });
        Write("clip.safetensors", own[true].ToDictionary(), new() { ["heads"] = "3" });
        using (var model = Load(decoder, vision: "clip.safetensors"))
        {
            using var unrecorded = no_grad();
            AssertClose("out.plain.scores", Scores(model, Attachments.None));
            var again = Write("again.safetensors", model.named_parameters().ToDictionary(static entry => entry.name, static entry => (Tensor)entry.parameter), model.Metadata.ToDictionary());
            using var saved = Load(again);
            AssertClose("out.plain.scores", Scores(saved, Attachments.None));
        }

        var missing = Assert.Throws<ConfigException>(() => Load(decoder));
        Assert.StartsWith("model.vision must be set: checkpoint ", missing.Message, StringComparison.Ordinal);
        Assert.Contains("lacks vision_model.embeddings.patch_embedding.weight", Assert.ThrowsAny<DasSearchException>(() => Load(decoder, vision: "decoder.safetensors")).Message, StringComparison.Ordinal);
        var size = Assert.ThrowsAny<DasSearchException>(() => Entry.Describe(new BackboneRequest { Input = _tiny with { ImageHeight = 9, ImageWidth = 9 }, Checkpoint = Fixture("lavin.safetensors") }));
        Assert.Contains("has patches of 2 pixels, which do not divide images of 9", size.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfATextWithOtherRoom_IsASentence()
    {
        using var model = Load(Fixture("lavin.safetensors"));
        var ids = _fixture["in.ids"].clone();
        ids[0, 2] = 3;
        var embedded = model.Embed(new BackboneInput(ids, _fixture["in.mask"], _fixture["in.images"]), Attachments.None);
        Assert.Equal("a text has room for 5 tokens of an image, expected 6", Assert.Throws<DasSearchException>(embedded.State).Message);
    }

    [Fact]
    public void Profile_AtThePapersSize_TrainsWhatLavinDoes()
    {
        var paper = LlamaCosts.DescribeProfiledLavin();
        var costs = new LavinTransfer().NetworkCosts(paper, new TransferSettings { Options = new Dictionary<string, string> { ["modality"] = "true" }, Adapters = new AdapterConfig { SkipBottleneck = 32, Replacement = "lavin" } });
        Assert.Equal(3_781_296, costs.Of(Subnetwork.Whole(32)).TrainableParameters); // papers.md, H.2
        Assert.Equal([4, 8, 12, 16, 20, 24], new LavinConfig().Taken);
    }

    private static TransferSettings Settings => new()
    {
        Options = new Dictionary<string, string> { ["modality"] = "true", ["bottleneck"] = "4" }, Absent = Subnetwork.Whole(3),
    };

    private static Attached Attach(Llama model)
    {
        var attached = new LavinTransfer().AttachWhole(new AttachRequest(model, Settings, CPU, []));
        attached.Module!.eval();
        attached.Attachments.CheckAgainst(model.Description);
        return attached;
    }

    private Tensor Scores(Llama model, Attachments attached)
    {
        var features = model.Run(new BackboneInput(_fixture["in.ids"], _fixture["in.mask"], _fixture["in.images"]), Subnetwork.Whole(3), attached, FeatureKind.Tokens);
        return features.Words!(features.Streams[0]);
    }

    private void AssertClose(string name, Tensor found)
    {
        var padding = _fixture["in.mask"].unsqueeze(-1).logical_not();
        var (one, other) = (found.masked_fill(padding, 0), _fixture[name].masked_fill(padding, 0));
        Assert.True(one.allclose(other, 1e-4, 1e-5), $"{name} differs by {(one - other).abs().max().item<float>()}");
    }

    private static Llama Load(string path, FeatureCache? features = null, string? vision = null)
    {
        var model = (Llama)Entry.Load(new BackboneRequest { Input = _tiny, Checkpoint = path, Features = features, Sizes = new ModelConfig { Vision = vision } }).Backbone;
        model.eval();
        return model;
    }

    private string Write(string name, Dictionary<string, Tensor> weights, Dictionary<string, string> metadata)
    {
        var path = Path.Combine(_folder.FullName, name);
        CheckpointFile.Write(path, weights, metadata);
        return path;
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
}
