using DasSearch.Core;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>Stochastic depth: by itself, and in the blocks of a ViT and a Swin.</summary>
public sealed class DropPathTests
{
    private const int Side = 16;
    private static readonly InputShape _input = new(9, 4, Side, Side);

    [Fact]
    public void Call_InTraining_DropsWholeSamples_AndKeepsTheExpectation()
    {
        using var scope = NewDisposeScope();
        using var path = new DropPath(0.2);
        var x = randn(5000, 3, 2) + 1;
        var y = Drawn(seed: 7);
        var kept = y.ne(0).all(2).all(1);
        var factors = (y / x).flatten(1);

        Assert.True(factors[kept].allclose(full_like(factors[kept], 1 / 0.8)));
        Assert.Equal(0, y[kept.logical_not()].abs().max().item<float>()); // no sample is dropped in part
        Assert.Equal(0.8, kept.to(ScalarType.Float32).mean().item<float>(), 0.02);
        Assert.Equal(1, factors.mean().item<float>(), 0.03);
        Assert.True(y.allclose(Drawn(seed: 7), 0, 0));
        Assert.False(y.allclose(Drawn(seed: 8), 0, 0));
        path.eval();
        Assert.True(path.call(x).allclose(x, 0, 0));

        Tensor Drawn(long seed)
        {
            using var source = new DropoutSource(seed, CPU);
            return path.call(x);
        }
    }

    // As torch.linspace(0, rate, blocks) of timm.
    [Theory]
    [InlineData(0.1, 0, 12, 0)]
    [InlineData(0.1, 5, 12, 0.0454545)]
    [InlineData(0.1, 11, 12, 0.1)]
    [InlineData(0.3, 0, 1, 0)]
    public void Of_ABlock_RisesLinearlyFromTheFirstToTheLast(double rate, int block, int blocks, double expected) =>
        Assert.Equal(expected, DropPath.Of(rate, block, blocks), 1e-6);

    [Theory]
    [InlineData("vit")]
    [InlineData("swin")]
    public void Step_InTraining_RunsTheFirstBlockAlways_AndAlmostNeverOneWhoseRateIsNearlyOne(string name)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        using var backbone = Create(name, new BackboneRequest { Input = _input, DropPath = 1 - 1e-9 });
        backbone.Network.train();
        var (whole, input) = (Subnetwork.Whole(3), new BackboneInput(zeros(2, 4, int64), ones(2, 4, @bool), randn(2, 3, Side, Side)));
        var state = backbone.Embed(input, Attachments.None).State();
        for (var module = 0; module < 3; module++)
        {
            var next = backbone.Step(state, module, whole, Attachments.None);
            var passed = backbone.Step(state, module, new Subnetwork(3, [module]), Attachments.None);
            if (module != 1) // half of whose samples are dropped
            {
                Assert.Equal(module == 2, next.Streams[0].allclose(passed.Streams[0], 0, 0));
            }

            state = next;
        }

        backbone.Network.eval();
        using var plain = Create(name, new BackboneRequest { Input = _input });
        plain.Network.load_state_dict(backbone.Network.state_dict());
        plain.Network.eval();
        Assert.True(backbone.Run(input, whole, Attachments.None).Summary!.allclose(plain.Run(input, whole, Attachments.None).Summary!, 0, 0));
    }

    private static IBackbone Create(string name, BackboneRequest request) => name == "vit"
        ? new Vit(new VitConfig { Width = 8, Layers = 3, Heads = 2, InnerWidth = 16, PatchSize = 8, Side = Side }, request)
        : new Swin(new SwinConfig { Width = 8, Depths = [1, 2], Heads = [1, 2], Window = 2, PatchSize = 4, Side = Side }, request);
}
