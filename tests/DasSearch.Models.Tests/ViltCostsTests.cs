using DasSearch.Core;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>Parameters and multiply-accumulates, against the published and recomputed figures.</summary>
public sealed class ViltCostsTests
{
    private static readonly ViltConfig _real = new();

    [Fact]
    public void BodyParameters_OfViltB32_AreThePublishedOnesToTheUnit() =>
        Assert.Equal(111_595_008, Body(_real));

    [Fact]
    public void BodyParameters_WithASecondImage_GrowByOneModalityRow() =>
        Assert.Equal(111_595_008 + 768, Body(_real with { ImagesPerSample = 2 }));

    [Theory]
    [InlineData(Granularity.Layers)]
    [InlineData(Granularity.SubLayers)]
    public void Parameters_OfASmallModel_AreWhatTheModelHas(Granularity granularity)
    {
        var config = new ViltConfig { Vocabulary = 50, TextLength = 7, Width = 24, Layers = 3, Heads = 2, PatchSize = 4, PositionGrid = 2 };
        using var scope = NewDisposeScope();
        using var model = new Vilt(config, new BackboneRequest { Input = new InputShape(50, 7, 8, 8), Granularity = granularity });
        Assert.Equal(
            model.named_parameters().Select(entry => (entry.name, entry.parameter.numel())).Order(),
            model.Description.Parameters.Select(parameter => (parameter.Name, parameter.Count)).Order());
        Assert.All(model.Description.Parameters.Where(parameter => parameter.Module is not null), parameter =>
            Assert.StartsWith("transformer.blocks.", parameter.Name, StringComparison.Ordinal));
        var layers = model.named_modules().Where(entry => entry.module is Linear or LayerNorm or Conv2d).Select(entry => entry.name);
        Assert.Equal(layers.Order(), model.Description.Projections.Select(place => place.Name).Order());
        Assert.Subset(model.named_modules().Select(entry => entry.name).ToHashSet(), model.Description.SubLayers.Select(place => place.Name).ToHashSet());
    }

    [Fact]
    public void Modules_OfViltB32AtItsProfilingSetting_CostWhatThePapersSay()
    {
        var vilt = ViltCosts.DescribeProfiled();
        var modules = vilt.Modules;

        Assert.All(vilt.Shapes, shape => Assert.Equal((241, 768), (shape.Tokens, shape.Width))); // 40 of text, 1, and 200 patches
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
        var shape = new ModuleShape(241, 768, MixesTokens: true, [-1]);
        Assert.Equal(new AddedToModule(297_408, 2L * 241 * 768 * 192), BottleneckAdapter.Costs(shape, 192));
        Assert.Equal(149_856, BottleneckAdapter.Costs(shape, 96).Parameters);
    }

    [Fact]
    public void DasTransfer_OfAWholeVilt_HasThePublishedParameters()
    {
        var costs = new DasTransfer().NetworkCosts(ViltCosts.DescribeProfiled(), new TransferSettings());
        Assert.Equal(7_165_440, costs.Modules.Sum(module => module.ReplacementParameters + module.AttachedParameters));
        Assert.Equal(590_592 + (2 * 768) + (2 * 768), costs.OutsideTrained); // the pooler, and both tables of token types
        Assert.Equal(111_595_008, new FullTransfer().NetworkCosts(ViltCosts.DescribeProfiled(), new TransferSettings()).Of(Subnetwork.Whole(12)).TrainableParameters);
    }

    private static long Body(ViltConfig config) =>
        ViltCosts.Describe(config, new InputShape(config.Vocabulary, config.TextLength, 320, 640)).Parameters.Sum(parameter => parameter.Count);
}
