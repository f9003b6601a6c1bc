using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

/// <summary>PIA at the sizes of its code, from its start on, and folded.</summary>
public sealed class PiaTests : IDisposable
{
    private const int Blocks = 2;

    private static readonly PiaTransfer _pia = new();
    private static readonly PiaReplacement _replacement = new();

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Costs_OfViltB_AreExact()
    {
        const long d = 768, n = 241, h = 96, g = 144;
        var backbone = ViltCosts.DescribeProfiled();
        var costs = _pia.Costs(backbone, new TransferSettings());
        var all = new Subnetwork(backbone.Modules.Count, Enumerable.Range(0, backbone.Modules.Count));
        var adapters = new AdapterConfig { Replacement = "pia", SkipBottleneck = (int)g };
        var skipped = new LinearTransferWithReplacement().NetworkCosts(backbone, new TransferSettings { Adapters = adapters }).Of(all);

        // The code's 150,626 and 335,138 have a second B of d·h/2 + d and a router of 2·d + 2 besides.
        Assert.Equal(150_626 - ((d * h / 2) + d + (2 * d) + 2), costs.Modules[0].Parameters / 2);
        Assert.Equal(2 * n * d * h * 3 / 2, costs.Modules[0].MultiplyAccumulates);
        Assert.Equal(backbone.OutsideParameters + (12 * (335_138 - ((d * g / 2) + d + (2 * d) + 2))), skipped.TotalParameters);
        Assert.Equal(backbone.OutsideMultiplyAccumulates + (12 * n * d * g * 5 / 2), skipped.PlanMultiplyAccumulates);
    }

    [Fact]
    public void Start_IsTheBackbone_AndHandsOnWhatIsSkipped()
    {
        using var unrecorded = no_grad();
        using var backbone = Backbone();
        var (input, skipped) = (Input(), new Subnetwork(Blocks, [1]));
        using var attached = _pia.AttachWhole(new AttachRequest(backbone, Settings(), CPU, [input]));

        Assert.Equal(2 * Blocks, attached.Attachments.Projections.Count);
        Assert.All([Subnetwork.Whole(Blocks), skipped], network => Assert.True(
            Summary(backbone, input, network, attached.Attachments).allclose(Summary(backbone, input, network, Attachments.None), 1e-5, 1e-6)));
    }

    [Fact]
    public void InPlace_LetsEveryTokenSeeTheMeanOfAll()
    {
        using var unrecorded = no_grad();
        using var backbone = Backbone();
        using var attached = _pia.AttachWhole(new AttachRequest(backbone, Settings(), CPU, []));
        foreach (var parameter in attached.Parameters.Values)
        {
            parameter.normal_(0, 0.3);
        }

        var replacement = attached.Attachments.Replacements["transformer.blocks.0"];
        replacement.eval();
        var one = randn(1, 4, 16);
        var other = one.clone();
        other[0, 3] = 0;

        Assert.True(replacement.MixesTokens);
        Assert.False(replacement.call(one)[0, 0].allclose(replacement.call(other)[0, 0]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OddBottleneck_IsOneSentence(bool isReplaced)
    {
        using var backbone = Backbone();
        var settings = isReplaced ? Settings() with { Adapters = new AdapterConfig { Replacement = "pia", SkipBottleneck = 5 } }
            : Settings() with { Options = new Dictionary<string, string> { ["bottleneck"] = "5" } };
        var odd = Assert.Throws<DasSearchException>(() => { _pia.AttachWhole(new AttachRequest(backbone, settings, CPU, [])); });

        Assert.Equal("PIA on transformer.blocks.0 works in two halves: its bottleneck must be even, not 5", odd.Message);
        Assert.Equal(odd.Message, Assert.Throws<DasSearchException>(() => { _pia.NetworkCosts(backbone.Description, settings); }).Message);
    }

    [Fact]
    public void Plans_ListIt_BeforeBothPartsOfAKeptLayer()
    {
        var listed = _pia.Layout([new("a", ModuleKind.Whole), new("b", ModuleKind.Whole)], new Subnetwork(2, [1]), Settings());

        Assert.Equal([(Placement.Sequential, Site.Attention, 96), (Placement.Sequential, Site.FeedForward, 96), (Placement.Replace, Site.Module, 4)],
            listed.Select(static placement => (placement.Placement, placement.Site, placement.Bottleneck)));
        Assert.All(listed, static placement => Assert.Equal("pia", placement.Type));
        Assert.Equal("pia", _replacement.Type);
    }

    private static TransferSettings Settings() => new() { Adapters = new AdapterConfig { Replacement = "pia", SkipBottleneck = 4 } };

    private static Vilt Backbone()
    {
        manual_seed(1);
        var config = new ViltConfig { Vocabulary = 20, TextLength = 5, Width = 16, Layers = Blocks, Heads = 2, PatchSize = 2, PositionGrid = 2 };
        var backbone = new Vilt(config, new BackboneRequest { Input = new InputShape(20, 5, 4, 4) });
        backbone.eval();
        return backbone;
    }

    private static BackboneInput Input() => new(randint(1, 20, [3, 5]), ones(3, 5, ScalarType.Bool), randn(3, 3, 4, 4));

    private static Tensor Summary(Vilt backbone, BackboneInput input, Subnetwork skipped, Attachments attached) => backbone.Run(input, skipped, attached).Summary!;

    private sealed class LinearTransferWithReplacement() : BackboneMethod("replaced", "nothing but what stands in place of skipped modules");
}
