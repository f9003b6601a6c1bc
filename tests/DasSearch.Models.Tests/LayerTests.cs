using DasSearch.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

public sealed class LayerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void LayerNorm_LoadedWeights_AgreesWithPyTorch()
    {
        var expected = Fixture.Case("layer_norm");
        using var layer = new LayerNorm(5, 1e-6, dtype: ScalarType.Float64);
        layer.load_state_dict(new() { ["weight"] = expected.Read("weight"), ["bias"] = expected.Read("bias") });

        Assert.True(layer.call(expected.Read("x")).allclose(expected.Read("out"), 1e-10, 1e-12));
    }

    [Fact]
    public void Conv2d_LoadedWeights_AgreesWithPyTorch()
    {
        var expected = Fixture.Case("conv2d");
        using var layer = new Conv2d(3, 4, kernel: 2, stride: 2, dtype: ScalarType.Float64);
        layer.load_state_dict(new() { ["weight"] = expected.Read("weight"), ["bias"] = expected.Read("bias") });

        Assert.True(layer.call(expected.Read("x")).allclose(expected.Read("out"), 1e-10, 1e-12));
    }

    [Fact]
    public void Conv2d_New_StaysWithinPyTorchsBounds()
    {
        torch.manual_seed(1);
        using var layer = new Conv2d(3, 64, kernel: 4);
        var bound = 1 / Math.Sqrt(3 * 4 * 4);

        Assert.All(layer.parameters(), parameter =>
            Assert.InRange(parameter.abs().max().item<float>(), 0.8 * bound, bound));
    }

    [Fact]
    public void Conv2d_WithoutBias_HasOneParameter() =>
        Assert.Equal(["weight"], new Conv2d(1, 1, 1, hasBias: false).named_parameters().Select(entry => entry.name));

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void LayerNorm_WidthNotPositive_NamesTheWidth(long width)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(width));
        Assert.Contains($"{width}", error.Message, StringComparison.Ordinal);
    }
}
