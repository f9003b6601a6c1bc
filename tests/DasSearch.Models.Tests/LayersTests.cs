using DasSearch.Models.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>Both ways of attention agree, and each is taken where it is faster.</summary>
public sealed class LayersTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(7)]
    [InlineData(200)]
    public void Attend_Fused_AgreesWithThreeOperations_AndInItsGradients(int tokens)
    {
        manual_seed(1);
        var heads = Enumerable.Range(0, 3).Select(_ => randn(2, 3, tokens, 8).requires_grad_()).ToArray();
        var bias = zeros(2, 1, 1, tokens);
        bias[1, 0, 0, TensorIndex.Slice(tokens - 3, tokens)] = double.NegativeInfinity; // padded
        var (plain, fused) = (Layers.Plain(heads[0], heads[1], heads[2], bias), Layers.Fused(heads[0], heads[1], heads[2], bias));

        Assert.True(fused.allclose(plain, 1e-4, 1e-6));
        var weights = randn_like(plain);
        var expected = autograd.grad([(plain * weights).sum()], heads);
        Assert.All(autograd.grad([(fused * weights).sum()], heads).Zip(expected), pair => Assert.True(pair.First.allclose(pair.Second, 1e-4, 1e-5)));
    }

    [Theory]
    [InlineData(241, 241, ScalarType.Float32, true)]
    [InlineData(241, 1, ScalarType.Float32, false)] // the last attention, for a summary
    [InlineData(41, 41, ScalarType.Float32, false)]
    [InlineData(241, 241, ScalarType.BFloat16, false)]
    public void IsFusedFaster_GoesByShapeAndType(int tokens, int queries, ScalarType type, bool expected) =>
        Assert.Equal(expected, Layers.IsFusedFaster(zeros(1, 1, queries, 4, type), zeros(1, 1, tokens, 4, type)));
}
