using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Adapters;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Vilt;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>Parameters and multiply-accumulates, against the published and recomputed figures.</summary>
public sealed class ViltCostsTests
{
    private static readonly ViltConfig _real = new();

    [Fact]
    public void BodyParameters_OfViltB32_AreThePublishedOnesToTheUnit() =>
        Assert.Equal(111_595_008, ViltCosts.BodyParameters(_real));

    [Fact]
    public void BodyParameters_WithASecondImage_GrowByOneModalityRow() =>
        Assert.Equal(111_595_008 + 768, ViltCosts.BodyParameters(_real with { ImagesPerSample = 2 }));

    [Fact]
    public void BodyParameters_OfASmallModel_AreWhatTheModelHas()
    {
        var config = new ViltConfig { Vocabulary = 50, TextLength = 7, Width = 24, Layers = 3, Heads = 2, PatchSize = 4, PositionGrid = 2 };
        using var scope = NewDisposeScope();
        using var model = new Vilt(config, new InputShape(50, 7, 8, 8));
        Assert.Equal(ViltCosts.BodyParameters(config), model.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Modules_OfViltB32AtItsProfilingSetting_CostWhatThePapersSay()
    {
        var vilt = ViltCosts.DescribeProfiled();
        var modules = vilt.Modules;

        Assert.All(vilt.Shapes, shape => Assert.Equal(new ModuleShape(241, 768), shape)); // 40 of text, 1, and 200 patches
        Assert.Equal(22.01, (vilt.OutsideMultiplyAccumulates + modules.Sum(module => module.MultiplyAccumulates)) / 1e9, 2);
        Assert.Equal(111_595_008, vilt.OutsideParameters + modules.Sum(module => module.Parameters));
        Assert.Equal(12, modules.Count);
        Assert.All(modules, module => Assert.Equal(7_087_872, module.Parameters));
        Assert.All(modules, module => Assert.Equal(1.795, module.MultiplyAccumulates / 1e9, 3));
        Assert.Equal("transformer.blocks.11", modules[11].Name);
    }

    [Fact]
    public void Modules_OfSubLayers_CostTogetherWhatTheirLayersDo()
    {
        var input = new InputShape(_real.Vocabulary, _real.TextLength, 320, 640);
        var layers = ViltCosts.Describe(_real, input).Modules;
        var parts = ViltCosts.Describe(_real, input, Granularity.SubLayers).Modules;

        Assert.Equal(24, parts.Count);
        Assert.Equal(Enumerable.Range(0, 24), parts.Select(part => part.Index));
        Assert.Equal(["transformer.blocks.11.attn", "transformer.blocks.11.mlp"], parts.TakeLast(2).Select(part => part.Name));
        Assert.Equal([ModuleKind.Attention, ModuleKind.FeedForward], parts.TakeLast(2).Select(part => part.Kind));
        Assert.All(parts.Chunk(2).Zip(layers), pair =>
        {
            Assert.Equal(pair.Second.Parameters, pair.First.Sum(part => part.Parameters));
            Assert.Equal(pair.Second.MultiplyAccumulates, pair.First.Sum(part => part.MultiplyAccumulates));
        });
        Assert.Equal(4 * 768 * 769 + (2 * 768), parts[0].Parameters); // four projections and a norm
    }

    [Fact]
    public void BottleneckAdapter_OfThePapersSizes_HasThePublishedParameters()
    {
        using var scope = NewDisposeScope();
        using var adapter = new BottleneckAdapter(768, 192);
        Assert.Equal(297_408, adapter.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(297_408, BottleneckAdapter.Parameters(768, 192));
        Assert.Equal(149_856, BottleneckAdapter.Parameters(768, 96));
    }

    [Fact]
    public void DasAdapters_OfAWholeVilt_HaveThePublishedParameters()
    {
        using var scope = NewDisposeScope();
        var vilt = ViltCosts.DescribeProfiled();
        using var adapters = new DasAdapters(DasPlacement.OfSupernet(vilt.Parts, new AdapterConfig()), vilt);
        Assert.Equal(7_165_440, adapters.parameters().Sum(parameter => parameter.numel()));
        Assert.Contains("transformer.blocks.3.adapter1.up_proj.bias", adapters.OfficialState().Keys);
        Assert.Contains("adapter_list.11.0.adapter_layer_norm_before.weight", adapters.OfficialState().Keys);
    }
}
