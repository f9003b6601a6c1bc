using static TorchSharp.torch;

namespace TorchSharp.Tests.Conversion;

/// <summary>What a tensor says about itself, and what torch says about element types.</summary>
public sealed class TensorFactsTests
{
    [Fact]
    public void Facts_OfATensor_AreTrue()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3, 4, float64);
        Assert.Equal([2L, 3L, 4L], x.size());
        Assert.Equal([12L, 4L, 1L], x.stride());
        Assert.Equal((4L, 4L, 12L, 1L), (x.size(-1), x.size(2), x.stride(0), x.stride(-1)));
        Assert.Equal((3L, 3L, 3L), (x.dim(), x.ndim, x.Dimensions));
        Assert.Equal((24L, 24L, 24L), (x.numel(), x.NumberOfElements, numel(x)));
        Assert.Equal((8L, 8L), (x.element_size(), x.ElementSize));
        Assert.Equal((DeviceType.CPU, DeviceType.CPU), (x.device.type, x.device_type));
        Assert.Equal((true, false, false), (x.is_cpu(), x.is_cuda, x.IsInvalid));
        Assert.NotEqual(IntPtr.Zero, x.Handle);
        Assert.Equal(4L, x[0, 1].storage_offset());
        Assert.Equal((true, false, true), (x.is_contiguous(), x.transpose(0, 1).is_contiguous(), x.transpose(0, 1).contiguous().is_contiguous()));
        Assert.Equal((true, false), (x.is_leaf, zeros(1, requires_grad: true).exp().is_leaf));
        Assert.True(is_tensor(x));
        Assert.False(is_tensor("x"));
        Assert.True(ones(1).is_nonzero());
        Assert.False(is_nonzero(zeros(1)));
    }

    [Fact]
    public void TypeFacts_ForEachKind_AreTrue()
    {
        using var scope = NewDisposeScope();
        Assert.Equal((true, false), (is_floating_point(float16), is_integral(float16)));
        Assert.Equal((false, true), (is_floating_point(int8), is_integral(int8)));
        Assert.Equal((true, false), (zeros(1).is_floating_point(), zeros(1).is_integral()));
        Assert.Equal((false, true), (is_floating_point(zeros(1, int64)), is_integral(zeros(1, int64))));
        Assert.Equal((float64, int64, float32), (promote_types(float32, float64), promote_types(int32, int64), promote_types(int64, float32)));
        Assert.Equal(float32, result_type(zeros(2, int64), zeros(2)));
        Assert.Equal((true, false), (can_cast(int64, float32), can_cast(float32, int64)));
        Assert.Equal((float32, float64, float16, int16, int32, int64), (@float, @double, half, @short, @int, @long));
    }

    [Fact]
    public void Finfo_OfFloats_IsIeee()
    {
        var single = finfo(float32);
        Assert.Equal((32, (double)float.MaxValue, (double)float.MinValue), (single.bits, single.max, single.min));
        Assert.Equal(Math.Pow(2, -23), single.eps);
        Assert.Equal(Math.Pow(2, -126), single.tiny);
        Assert.Equal((64, double.MaxValue, Math.Pow(2, -52)), (finfo(float64).bits, finfo(float64).max, finfo(float64).eps));
        Assert.Equal((16, 65504.0), (finfo(float16).bits, finfo(float16).max));
    }

    [Fact]
    public void Equality_OfTensors_IsOfContentOrIdentityAsTorchSharpHasIt()
    {
        using var scope = NewDisposeScope();
        var (x, same, other) = (ones(2), ones(2), zeros(2));
        Assert.True(x.Equals(same));
        Assert.False(x.Equals(other));
        Assert.True(x.Equals((object)x));
        Assert.Equal(x.GetHashCode(), x.GetHashCode());
        Assert.True(x.allclose(same));
        Assert.False(allclose(x, other));
        Assert.True(allclose(x, x + 0.01, rtol: 0.1));
        Assert.False(allclose(tensor(float.NaN), tensor(float.NaN)));
        Assert.True(tensor(float.NaN).allclose(tensor(float.NaN), equal_nan: true));
    }

    [Fact]
    public void ToString_ByDefault_NamesShapeAndType()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 1.5f, 2 }, { 3, 4 } });
        Assert.Contains("[2x2]", x.ToString(), StringComparison.Ordinal);
        Assert.Contains("Float32", x.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Name_WhenSet_IsRemembered()
    {
        using var x = ones(1);
        x.name = "bias";
        Assert.Equal("bias", x.name);
    }
}
