using static TorchSharp.torch;

namespace TorchSharp.Tests.Conversion;

/// <summary>Tensors made from nothing: every overload gives shape, type, value and the grad flag asked for.</summary>
public sealed class FactoryTests
{
    private static readonly long[] _twoThree = [2, 3];

    public static TheoryData<string> Fillers() => ["zeros", "ones", "full"];

    [Theory]
    [MemberData(nameof(Fillers))]
    public void Filler_InEachOverload_FillsTheShape(string name)
    {
        using var scope = NewDisposeScope();
        Tensor[] made = name switch
        {
            "zeros" => [zeros(2), zeros(2, 3), zeros(2, 3, 1), zeros(2, 3, 1, 2), zeros(_twoThree), zeros(_twoThree.AsSpan())],
            "ones" => [ones(2), ones(2, 3), ones(2, 3, 1), ones(2, 3, 1, 2), ones(_twoThree), ones(_twoThree.AsSpan())],
            _ => [full(2, 2.5), full(2, 3, 2.5), full(2, 3, 1, 2.5), full(2, 3, 1, 2, 2.5), full(_twoThree, 2.5), full(_twoThree.AsSpan(), 2.5)],
        };
        var value = name switch { "zeros" => 0f, "ones" => 1f, _ => 2.5f };
        long[][] shapes = [[2], [2, 3], [2, 3, 1], [2, 3, 1, 2], [2, 3], [2, 3]];
        foreach (var (tensor, shape) in made.Zip(shapes))
        {
            Assert.Equal(shape, tensor.shape);
            Assert.All(tensor.@float().data<float>().ToArray(), element => Assert.Equal(value, element));
            Assert.False(tensor.requires_grad);
        }
    }

    [Fact]
    public void Options_TypeAndGrad_AreHonoured()
    {
        using var scope = NewDisposeScope();
        foreach (var made in new[]
        {
            zeros(2, float64, requires_grad: true), ones(2, float64, CPU, true), full(2, 1, float64, requires_grad: true), empty(2, float64, requires_grad: true),
            rand(2, float64, requires_grad: true), randn(2, float64, requires_grad: true), eye(2, dtype: float64, requires_grad: true),
            arange(2, float64, requires_grad: true), linspace(0, 1, 2, float64, requires_grad: true), zeros_like(ones(2), float64, requires_grad: true),
            ones_like(ones(2), float64, requires_grad: true), full_like(ones(2), 1, float64, requires_grad: true), empty_like(ones(2), float64, requires_grad: true),
        })
        {
            Assert.Equal(float64, made.dtype);
            Assert.True(made.requires_grad && made.is_leaf);
        }
    }

    [Fact]
    public void Empty_InEachOverload_HasTheShape()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([2L], empty(2).shape);
        Assert.Equal([2L, 3L], empty(2, 3).shape);
        Assert.Equal([2L, 3L, 1L], empty(2, 3, 1).shape);
        Assert.Equal([2L, 3L, 1L, 4L], empty(2, 3, 1, 4).shape);
        Assert.Equal([2L, 3L], empty(_twoThree, int64).shape);
        Assert.Equal([2L, 3L], empty(_twoThree.AsSpan()).shape);
    }

    [Fact]
    public void Ranges_HavePyTorchsEndsAndTypes()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0L, 1L, 2L], arange(3).data<long>().ToArray());
        Assert.Equal([2L, 3L], arange(2, 4).data<long>().ToArray());
        Assert.Equal([1f, 1.5f], arange(1, 2, 0.5).@float().data<float>().ToArray());
        Assert.Equal([5f, 3f], arange(5, 1, -2, float32).data<float>().ToArray());
        Assert.Equal(int64, arange(3).dtype);
        Assert.Equal([0f, 0.25f, 0.5f, 0.75f, 1f], linspace(0, 1, 5, float32).data<float>().ToArray());
        Assert.Equal([1f, 0f, 0f, 0f, 1f, 0f], eye(2, 3, float32).data<float>().ToArray());
        Assert.Equal([1f, 0f, 0f, 1f], eye(2, dtype: float32).data<float>().ToArray());
    }

    [Fact]
    public void Likes_TakeShapeAndTypeOfTheModel()
    {
        using var scope = NewDisposeScope();
        var model = ones(2, 3, int64);
        Assert.All(
            new[] { zeros_like(model), ones_like(model), full_like(model, 7), empty_like(model) },
            made =>
            {
                Assert.Equal([2L, 3L], made.shape);
                Assert.Equal(int64, made.dtype);
            });
        Assert.Equal((0L, 6L, 42L), (zeros_like(model).sum().item<long>(), ones_like(model).sum().item<long>(), full_like(model, 7).sum().item<long>()));
    }

    [Fact]
    public void DefaultDtype_WhenSet_IsThatOfFactories()
    {
        using var scope = NewDisposeScope();
        try
        {
            set_default_dtype(float64);
            Assert.Equal(float64, get_default_dtype());
            Assert.Equal(float64, zeros(2).dtype);
            Assert.Equal(float64, rand(2).dtype);
        }
        finally
        {
            set_default_dtype(float32);
        }

        Assert.Equal(float32, zeros(2).dtype);
    }
}
