using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Encoders;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

public sealed class BertTests
{
    private static readonly InputShape _input = new(30_522, 12, 0, 0, Images: 0);

    private static BackboneEntry Entry => BackboneTable.BuiltIn.Named("minilm");

    [Fact]
    public void Load_WithoutACheckpoint_HasTheWeightsOfThePackage()
    {
        using var unrecorded = no_grad();
        using var backbone = Entry.Load(new BackboneRequest { Input = _input }).Backbone;
        backbone.Network.eval();
        var encoder = MiniLm.Load(CPU);
        using var network = encoder.Network;
        using var scope = NewDisposeScope();
        var ids = tensor(new long[] { 101, 2008, 2003, 1037, 3407, 2711, 102, 0, 0, 0, 0, 0 }).unsqueeze(0);
        var mask = ids.ne(0);
        var expected = encoder.Encode(ids, mask);
        var (tokens, summary) = (Run(FeatureKind.Tokens).Streams[0], Run(FeatureKind.Summary).Summary!);

        Assert.True(tokens.allclose(expected, 0, 0));
        Assert.True(summary.allclose(expected.narrow(1, 0, 7).mean([1L]), 1e-5, 1e-6));

        Features Run(FeatureKind wanted) => backbone.Run(new BackboneInput(ids, mask), Subnetwork.Whole(6), Attachments.None, wanted);
    }

    [Fact]
    public void Load_FreshWeights_OnlyOnRequest()
    {
        var error = Assert.Throws<ConfigException>(() => Entry.Describe(new BackboneRequest { Input = _input, Sizes = new ModelConfig { Layers = 3 } }));
        Assert.Contains("model.layers is 3, but MiniLM has 6: model.weights: fresh", error.Message, StringComparison.Ordinal);

        using var fresh = Entry.Load(new BackboneRequest { Input = _input, Sizes = new ModelConfig { Weights = StartingWeights.Fresh, Layers = 3, Width = 24 } }).Backbone;
        Assert.Equal(3, fresh.Description.Modules.Count);
        Assert.Equal(24, fresh.Description.SummaryWidth);
    }

    [Fact]
    public void Load_AnotherTokenizer_IsRefused() => Assert.Contains(
        "has 30522 words, the task's tokenizer has 90",
        Assert.Throws<ConfigException>(() => Entry.Describe(new BackboneRequest { Input = _input with { Vocabulary = 90 } })).Message,
        StringComparison.Ordinal);

    // 12nd² + 2n²d a layer.
    [Fact]
    public void DescribeProfiled_HasMiniLmsSizes()
    {
        var description = Entry.DescribeProfiled();
        Assert.Equal(22_713_216 - 147_840, description.Parameters.Sum(static parameter => parameter.Count)); // without the pooler
        Assert.All(description.Modules, static module => Assert.Equal((12L * 128 * 384 * 384) + (2L * 128 * 128 * 384), module.MultiplyAccumulates));
    }
}
