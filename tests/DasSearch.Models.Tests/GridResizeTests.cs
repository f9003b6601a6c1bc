using System.Text.Json;
using DasSearch.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

public sealed class GridResizeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Fixture.Case("resize").GetArrayLength())];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resize_AnySizes_AgreesWithPyTorchInValuesAndGradients(int number)
    {
        var expected = Fixture.Case("resize")[number];
        var grid = expected.Read("grid").requires_grad_();

        var result = Resized(grid, expected);
        var cotangent = (arange(result.numel(), ScalarType.Float64) * 1.7 + 0.3).sin().reshape(result.shape);
        var gradient = autograd.grad([(result * cotangent).sum()], [grid])[0];

        Assert.Equal(expected.Read("out").shape, result.shape);
        Assert.True(result.allclose(expected.Read("out"), 1e-10, 1e-12));
        Assert.True(gradient.allclose(expected.Read("gradient"), 1e-10, 1e-12));
    }

    [Theory]
    [InlineData(Interpolation.Bilinear)]
    [InlineData(Interpolation.Bicubic)]
    public void Resize_SameSize_ChangesNothing(Interpolation method)
    {
        var grid = randn(1, 2, 3, 5);
        Assert.True(GridResize.Resize(grid, 3, 5, method).allclose(grid, 1e-6, 1e-6));
    }

    [Fact]
    public void Resize_LeavesOnlyItsResult()
    {
        var grid = randn(1, 2, 3, 3);
        var before = Tensor.TotalCount;
        using (GridResize.Resize(grid, 6, 6, Interpolation.Bicubic))
        {
            Assert.Equal(before + 1, Tensor.TotalCount);
        }
    }

    [Fact]
    public void Resize_GridOfThreeDimensions_SaysWhatItGot()
    {
        var error = Assert.Throws<ArgumentException>(() => GridResize.Resize(zeros(2, 3, 4), 2, 2, Interpolation.Bilinear));
        Assert.Contains("[2x3x4]", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Resized(Tensor grid, JsonElement @case) => GridResize.Resize(
        grid,
        @case.GetProperty("height").GetInt64(),
        @case.GetProperty("width").GetInt64(),
        @case.GetProperty("mode").GetString() == "bicubic" ? Interpolation.Bicubic : Interpolation.Bilinear,
        @case.GetProperty("align_corners").GetBoolean());
}
