using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Support;

/// <summary>How far a tensor is from a stored one.</summary>
/// <remarks>
/// The error of a floating tensor is max |actual − expected| / max(max |expected|, <see cref="Tiny"/>), maxima over its
/// elements: relative to the tensor's scale, so that an element near zero beside large ones is not held to more digits
/// than the sums behind it can carry. Integers and truth values are compared bit for bit.
/// </remarks>
internal static class Closeness
{
    /// <summary>Scale below which a tensor of results counts as zero; the inputs are of order one.</summary>
    public const double Tiny = 1e-3;

    /// <summary>The largest error that the issue allows for a type.</summary>
    public static double Allowed(ScalarType type) => type == ScalarType.Float64 ? 1e-10 : 1e-5;

    /// <summary>The error as defined above; 0 for equal integers.</summary>
    /// <exception cref="ArithmeticException">Type, shape or an exact value differs.</exception>
    public static double Error(string what, StoredTensor expected, Tensor actual)
    {
        if (actual.dtype != expected.Type)
        {
            throw new ArithmeticException($"{what}: {actual.dtype} where PyTorch gives {expected.Type}");
        }

        if (!actual.shape.AsSpan().SequenceEqual(expected.Shape))
        {
            throw new ArithmeticException($"{what}: shape [{string.Join(", ", actual.shape)}] where PyTorch gives [{string.Join(", ", expected.Shape)}]");
        }

        using var plain = actual.detach();
        using var dense = plain.contiguous();
        return expected.Type switch
        {
            ScalarType.Float32 => Error(what, Widen(expected.As<float>()), Widen(MemoryMarshal.Cast<byte, float>(dense.bytes))),
            ScalarType.Float64 => Error(what, expected.As<double>(), MemoryMarshal.Cast<byte, double>(dense.bytes)),
            _ => dense.bytes.SequenceEqual(expected.Bytes.Span)
                ? 0
                : throw new ArithmeticException($"{what}: bytes {Convert.ToHexString(dense.bytes)} where PyTorch gives {Convert.ToHexString(expected.Bytes.Span)}"),
        };
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return wide;
    }

    private static double Error(string what, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double scale = Tiny, worst = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (!double.IsFinite(expected[i]) || !double.IsFinite(actual[i]))
            {
                if (!expected[i].Equals(actual[i]))
                {
                    throw new ArithmeticException($"{what}: element {i} is {actual[i]} where PyTorch gives {expected[i]}");
                }

                continue;
            }

            scale = Math.Max(scale, Math.Abs(expected[i]));
            worst = Math.Max(worst, Math.Abs(actual[i] - expected[i]));
        }

        return worst / scale;
    }
}
