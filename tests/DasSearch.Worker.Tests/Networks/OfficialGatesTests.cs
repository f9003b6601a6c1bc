using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

/// <summary>The authors' code of EAS has an image layer's two gates skip the same attention, and <c>compat: official</c> does.</summary>
public sealed class OfficialGatesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SmallTask _task = new("fashionvl-vqa");

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Logits_UnderTheOfficialGates_NeverMissAnImagesAttentionToTheText()
    {
        var config = TinySearch.Config with { Backbone = "meter", Granularity = Granularity.SubLayers, Adapters = new AdapterConfig { Replacement = "pia" } };
        using var paper = TinySearch.Network(config, _task);
        using var official = TinySearch.Network(config with { Compat = Compatibility.Official }, _task);
        using var batch = _task.Batch(Split.Validation, 0, 0, 4);
        var modules = paper.Backbone.Modules;
        var (own, other) = (Find(ModuleKind.Attention), Find(ModuleKind.CrossAttention));

        AssertSame(official, [other], paper, [own]);
        AssertSame(official, [own, other], paper, [own]);
        AssertSame(official, [0, 1], paper, [0, 1]); // a text's
        Assert.False(Logits(paper, [other]).allclose(Logits(paper, [own])));

        int Find(ModuleKind kind) => modules.First(module => module.Stream == "image" && module.Kind == kind).Index;

        Tensor Logits(TransferNetwork network, int[] skipped)
        {
            using var unrecorded = no_grad();
            network.Train(false);
            var gates = new Subnetwork(modules.Count, skipped);
            using var prefixes = network.Prefixes(batch);
            var logits = network.Logits(batch, gates);
            Assert.True(network.Logits(batch, gates, prefixes).allclose(logits, atol: 1e-6));
            return logits;
        }

        void AssertSame(TransferNetwork one, int[] skipped, TransferNetwork another, int[] instead) =>
            Assert.True(Logits(one, skipped).equal(Logits(another, instead)).all().item<bool>());
    }
}
