using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.Interop.Arguments;

namespace TorchSharp;

// The one way in which .NET's numbers become tensors: checked, then copied once.
public static partial class torch
{
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <summary>A copy of an array of any rank, in row-major order.</summary>
    /// <exception cref="ArgumentException">No tensor holds elements of that type.</exception>
    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        Unnamed(names);
        var type = rawArray.GetType().GetElementType()!;
        if (ScalarTypes.Of(type) is not { } elements)
        {
            throw new ArgumentException($"No tensor holds elements of type {type.Name}.", nameof(rawArray));
        }

        var dimensions = new long[rawArray.Rank];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = rawArray.GetLongLength(i);
        }

        ref var start = ref MemoryMarshal.GetArrayDataReference(rawArray);
        return FromBytes(ref start, elements, dimensions, dtype, device, requires_grad);
    }

    private static long Count<T>(IList<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count;
    }

    private static Tensor FromList<T>(
        IList<T> values, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        Unnamed(names);
        ReadOnlySpan<T> span = values switch
        {
            T[] array => array,
            List<T> list => CollectionsMarshal.AsSpan(list),
            _ => [.. values],
        };
        return FromSpan(span, dimensions, dtype, device, requires_grad);
    }

    /// <exception cref="ArgumentException">The dimensions do not hold that many elements.</exception>
    private static Tensor FromSpan<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        RequireElements(values.Length, dimensions);
        ref var start = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values));
        return FromBytes(ref start, ScalarTypes.Of(typeof(T))!.Value, dimensions, dtype, device, requires_grad);
    }

    private static unsafe Tensor FromBytes(
        ref byte start, ScalarType elements, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad)
    {
        fixed (byte* bytes = &start)
        {
            var converted = dtype is { } wanted && wanted != elements;
            var made = Native.ts_from_bytes(
                bytes, dimensions, dimensions.Length, new TensorOptions(elements, device), requires_grad && !converted);
            if (!converted)
            {
                return made;
            }

            using (made)
            {
                return made.type(dtype!.Value).requires_grad_(requires_grad);
            }
        }
    }

    // Before any memory is read: the native half copies as many elements as the dimensions say.
    private static void RequireElements(long count, ReadOnlySpan<long> dimensions)
    {
        UInt128 product = 1;
        foreach (var size in dimensions)
        {
            if (size < 0)
            {
                throw new ArgumentException($"Sizes must not be negative, got [{string.Join(", ", dimensions.ToArray())}].");
            }

            product = checked(product * (ulong)size);
            if (product > ulong.MaxValue)
            {
                break;
            }
        }

        if (product != (ulong)count)
        {
            throw new ArgumentException(
                $"A tensor of size [{string.Join(", ", dimensions.ToArray())}] has {product} elements, got {count}.");
        }
    }
}
