using DasSearch.Models.Adapters;
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
        using var model = new Vilt(config, 12);
        Assert.Equal(ViltCosts.BodyParameters(config), model.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Modules_OfViltB32AtItsProfilingSetting_CostWhatThePapersSay()
    {
        var tokens = ViltCosts.Tokens(_real, 320, 640); // 40 of text, 1, and 200 patches
        var modules = ViltCosts.Modules(_real, tokens);

        Assert.Equal(241, tokens);
        Assert.Equal(12, modules.Count);
        Assert.All(modules, module => Assert.Equal(7_087_872, module.Parameters));
        Assert.All(modules, module => Assert.Equal(1.795, module.MultiplyAccumulates / 1e9, 3));
        Assert.Equal("transformer.blocks.11", modules[11].Name);
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
        using var adapters = new DasAdapters(12, 768, 192, 96);
        Assert.Equal(7_165_440, adapters.parameters().Sum(parameter => parameter.numel()));
        Assert.Contains("transformer.blocks.3.adapter1.up_proj.bias", adapters.OfficialState().Keys);
        Assert.Contains("adapter_list.11.0.adapter_layer_norm_before.weight", adapters.OfficialState().Keys);
    }
}
