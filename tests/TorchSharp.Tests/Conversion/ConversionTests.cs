using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Conversion;

/// <summary>Between tensors and .NET's numbers, arrays and spans.</summary>
public sealed class ConversionTests
{
    [Fact]
    public void Tensor_OfScalars_TakesTheirType()
    {
        using var scope = NewDisposeScope();
        Same(tensor(1.5f), float32, 1.5f);
        Same(tensor(1.5), float64, 1.5);
        Same(tensor(7), int32, 7);
        Same(tensor(7L), int64, 7L);
        Same(tensor((short)7), int16, (short)7);
        Same(tensor((byte)7), uint8, (byte)7);
        Same(tensor(true), @bool, true);
        Same(tensor(1.5, float32), float32, 1.5f);
        Same(tensor(7L, float64), float64, 7.0);
    }

    [Fact]
    public void Tensor_OfArraysOfEachRank_KeepsShapeAndOrder()
    {
        using var scope = NewDisposeScope();
        Elements(tensor(new[] { 1f, 2, 3 }), [3], new[] { 1f, 2, 3 });
        Elements(tensor(new[,] { { 1.0, 2 }, { 3, 4 } }), [2, 2], new[] { 1.0, 2, 3, 4 });
        Elements(tensor(new[, ,] { { { 1, 2 } }, { { 3, 4 } } }), [2, 1, 2], new[] { 1, 2, 3, 4 });
        Elements(tensor(new[, , ,] { { { { 1L }, { 2L } } } }), [1, 1, 2, 1], new[] { 1L, 2 });
        Elements(tensor(new short[] { 1, 2 }), [2], new short[] { 1, 2 });
        Elements(tensor(new byte[,] { { 1, 2 } }), [1, 2], new byte[] { 1, 2 });
        Elements(tensor(new[] { true, false }), [2], new[] { true, false });
        Elements(tensor(new[, ,] { { { 1f } } }), [1, 1, 1], new[] { 1f });
        Elements(tensor(new bool[,] { { true }, { false } }), [2, 1], new[] { true, false });
    }

    [Fact]
    public void Tensor_OfDataAndDimensions_FillsRowByRow()
    {
        using var scope = NewDisposeScope();
        Elements(tensor(new[] { 1f, 2, 3, 4 }, new long[] { 2, 2 }), [2, 2], new[] { 1f, 2, 3, 4 });
        Elements(tensor((IList<long>)[1, 2, 3, 4], 2, 2), [2, 2], new long[] { 1, 2, 3, 4 });
        Elements(tensor((IList<double>)[1, 2], 1, 2, 1), [1, 2, 1], new double[] { 1, 2 });
        Elements(tensor((IList<byte>)[1, 2], 1, 2, 1, 1), [1, 2, 1, 1], new byte[] { 1, 2 });
        Elements(tensor((IList<int>)new List<int> { 5, 6 }), [2], new[] { 5, 6 });
        Elements(tensor((IList<short>)[5, 6], new long[] { 2, 1 }), [2, 1], new short[] { 5, 6 });
        Elements(tensor((IList<bool>)[true, false]), [2], new[] { true, false });
        Elements(tensor(new[] { 1, 2 }, float32), [2], new[] { 1f, 2 });
        Elements(tensor(new[] { 1f, 2 }, int64), [2], new[] { 1L, 2 });
        Elements(tensor(Array.Empty<float>()), [0], Array.Empty<float>());
        Elements(tensor(new[] { 3f }, Array.Empty<long>()), [], new[] { 3f });
        Assert.True(tensor(new[] { 1f }, requires_grad: true).requires_grad);
    }

    [Fact]
    public void Tensor_OfAnArray_CopiesIt()
    {
        using var scope = NewDisposeScope();
        var array = new[] { 1f, 2 };
        var copy = tensor(array);
        array[0] = 9;
        Assert.Equal(1f, copy[0].item<float>());
    }

    [Fact]
    public void FromArray_OfEachElementType_GiveTheElements()
    {
        using var scope = NewDisposeScope();
        Elements(from_array(new[] { 1f, 2 }), [2], new[] { 1f, 2 });
        Elements(from_array(new[,] { { 1L, 2 } }), [1, 2], new[] { 1L, 2 });
        Elements(from_array(new[] { 1, 2 }, float64), [2], new[] { 1.0, 2 });
        Elements(from_array(new byte[,,] { { { 1 } } }), [1, 1, 1], new byte[] { 1 });
        Elements(from_array(new[] { true }), [1], new[] { true });
    }

    [Fact]
    public void AsTensor_OfArraysListsAndTensors_ConvertsOnlyWhenAsked()
    {
        using var scope = NewDisposeScope();
        Elements(as_tensor(new[] { 1f, 2 }), [2], new[] { 1f, 2 });
        Elements(as_tensor(new[] { 1.0, 2 }, float32), [2], new[] { 1f, 2 });
        Elements(as_tensor(new[] { 1, 2 }), [2], new[] { 1, 2 });
        Elements(as_tensor(new[] { 1L, 2 }), [2], new[] { 1L, 2 });
        Elements(as_tensor(new short[] { 1 }), [1], new short[] { 1 });
        Elements(as_tensor(new byte[] { 1 }), [1], new byte[] { 1 });
        Elements(as_tensor(new[] { true }), [1], new[] { true });
        Elements(as_tensor((IList<float>)new List<float> { 1 }), [1], new[] { 1f });
        Elements(as_tensor((Array)new[,] { { 1.0 } }), [1, 1], new[] { 1.0 });
        var x = ones(2);
        Assert.Equal(float64, as_tensor(x, float64, CPU).dtype);
        Assert.True(as_tensor(x).allclose(x));
    }

    [Fact]
    public void Bytes_AsSpans_ReadAndWriteEachElementType()
    {
        using var scope = NewDisposeScope();
        Spans(new[] { 1.5f, -2 }, float32);
        Spans(new[] { 1.5, -2 }, float64);
        Spans(new[] { 1L, -2 }, int64);
        Spans(new byte[] { 1, 254 }, uint8);
        Spans(new sbyte[] { 1, -2 }, int8);
        Spans(new short[] { 1, -2 }, int16);
        Spans(new[] { 1, -2 }, int32);
        Spans(new[] { true, false }, @bool);
        Spans(new[] { (Half)1.5, (Half)(-2) }, float16);
        Spans(new ushort[] { 0x3FC0, 0xC000 }, bfloat16);
    }

    [Fact]
    public void Bytes_OfHalves_AreTheirBits()
    {
        using var scope = NewDisposeScope();
        var halves = tensor(new[] { 0.1f, 65504f, -1e-7f }).type(float16);
        var bits = MemoryMarshal.Cast<byte, Half>(halves.bytes).ToArray();
        Assert.Equal(new[] { (Half)0.1f, (Half)65504f, (Half)(-1e-7f) }, bits);
        MemoryMarshal.Cast<byte, Half>(halves.bytes)[1] = (Half)2.5f;
        Assert.Equal(2.5f, halves.@float()[1].item<float>());
    }

    [Fact]
    public void Data_OfATensor_ReadsCopiesAndWrites()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 1f, 2, 3 }, { 4, 5, 6 } });
        var data = x.data<float>();
        Assert.Equal((6L, 6f), (data.Count, data[1, 2]));
        data[0, 1] = 20;
        Assert.Equal(20f, x[0, 1].item<float>());
        Assert.Equal([1f, 20f, 3f, 4f, 5f, 6f], data.ToArray());
        Assert.Equal([1f, 20f, 3f, 4f, 5f, 6f], data);
        var target = new float[8];
        data.CopyTo(target, 1);
        Assert.Equal([0f, 1f, 20f, 3f, 4f, 5f, 6f, 0f], target);
        data.CopyFrom([7f, 8f, 9f, 10f, 11f, 12f]);
        Assert.Equal([7f, 8f, 9f, 10f, 11f, 12f], x.data<float>().ToArray());
    }

    [Fact]
    public void Data_OfATransposedTensor_FollowsItsStrides()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 1L, 2 }, { 3, 4 }, { 5, 6 } }).t();
        Assert.Equal([1L, 3L, 5L, 2L, 4L, 6L], x.data<long>().ToArray());
        Assert.Equal(5L, x.data<long>()[0, 2]);
        var target = new long[6];
        x.data<long>().CopyTo(target);
        Assert.Equal([1L, 3L, 5L, 2L, 4L, 6L], target);
    }

    [Fact]
    public void Items_AndCasts_GiveScalars()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(2.5f, tensor(2.5f).item<float>());
        Assert.Equal(2.5, (double)tensor(2.5));
        Assert.Equal(2.5f, (float)tensor(2.5f));
        Assert.Equal(3, (int)tensor(3));
        Assert.Equal(3L, (long)tensor(3L));
        Assert.Equal((3, 3L, (byte)3, (short)3), (tensor(3).ToInt32(), tensor(3L).ToInt64(), tensor((byte)3).ToByte(), tensor((short)3).ToInt16()));
        Assert.Equal((1.5f, 1.5, true), (tensor(1.5f).ToSingle(), tensor(1.5).ToDouble(), tensor(true).ToBoolean()));
        Assert.Equal(2.5f, ones(1, 1).mul(2.5).item<float>());
        Assert.Equal((Half)1.5f, tensor(1.5f).type(float16).item<Half>());
        using var scalar = tensor(4.25).ToScalar();
        Assert.Equal((4.25, float64), (scalar.ToDouble(), scalar.Type));
    }

    [Fact]
    public void ImplicitConversions_MakeTensors()
    {
        using var scope = NewDisposeScope();
        Tensor f = 1.5f, d = 2.5, i = 3, l = 4L, b = true;
        Tensor fs = new[] { 1f, 2f };
        Tensor ls = new[] { 1L, 2L };
        Assert.Equal([float32, float64, int32, int64, @bool], new[] { f, d, i, l, b }.Select(x => x.dtype));
        Elements(fs, [2], new[] { 1f, 2 });
        Elements(ls, [2], new[] { 1L, 2 });
    }

    [Fact]
    public void Scalar_OfEachType_RemembersTypeAndValue()
    {
        using Scalar f = 1.5f, d = 2.5, i = 3, l = 4L, b = true, y = (byte)5, s = (short)6;
        Assert.Equal((1.5f, 2.5, 3, 4L, true), (f.ToSingle(), d.ToDouble(), i.ToInt32(), l.ToInt64(), b.ToBoolean()));
        Assert.Equal(((byte)5, (short)6), (y.ToByte(), s.ToInt16()));
        Assert.Equal([true, true, true], [is_floating_point(f.Type), is_integral(l.Type), b.Type == @bool]);
    }

    private static void Same<T>(Tensor actual, ScalarType type, T value)
        where T : unmanaged
    {
        Assert.Equal(type, actual.dtype);
        Assert.Equal(0, actual.dim());
        Assert.Equal(value, actual.item<T>());
    }

    private static void Elements<T>(Tensor actual, long[] shape, T[] values)
        where T : unmanaged
    {
        Assert.Equal(shape, actual.shape);
        Assert.Equal(values, actual.data<T>().ToArray());
    }

    /// <summary>Written through the span and read back through it and through the setter.</summary>
    private static void Spans<T>(T[] values, ScalarType type)
        where T : unmanaged
    {
        var x = zeros(values.Length, type);
        Assert.Equal(Marshal.SizeOf<T>() is var size && typeof(T) == typeof(bool) ? 1 : size, x.element_size());
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        bytes.CopyTo(x.bytes);
        Assert.Equal(values, MemoryMarshal.Cast<byte, T>(x.bytes).ToArray());
        var y = zeros(values.Length, type);
        y.bytes = bytes;
        Assert.True(x.eq(y).all().item<bool>());
    }
}
