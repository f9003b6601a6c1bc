using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>Tensors whose numbers lie in another order than row by row: views, and arrays of Fortran's.</summary>
internal static class StridedTensor
{
    /// <summary>A tensor over some of the numbers of a storage, which is held against it; it is laid out row by row when it is opened.</summary>
    /// <param name="offset">The place of its first number, in numbers.</param>
    /// <param name="strides">How many numbers apart neighbours of each dimension are.</param>
    /// <exception cref="DasSearchException">It reaches beyond the storage, or has more numbers than that.</exception>
    internal static WeightTensor Of(string name, string type, long[] shape, ByteRange storage, long offset, long[] strides)
    {
        var source = storage.Source;
        var bytes = WeightChecks.Bytes(source, name, type, shape, storage.Length);
        if (bytes == 0)
        {
            return new WeightTensor(name, type, shape, source, static () => Stream.Null);
        }

        var (size, reach) = (WeightTypes.Size(type), (Int128)offset + 1);
        for (var i = 0; i < shape.Length; i++)
        {
            reach += (Int128)(shape[i] - 1) * strides[i];
        }

        if (offset < 0 || strides.Any(static stride => stride < 0) || reach * size > storage.Length)
        {
            throw new DasSearchException(
                $"{source} has tensor {name} of shape [{string.Join(", ", shape)}] and strides [{string.Join(", ", strides)}] from {offset} on, which reaches beyond its {storage.Length} bytes");
        }

        var numbers = storage.Slice(offset * size, ((long)reach - offset) * size);
        return new WeightTensor(name, type, shape, source, IsRowMajor(shape, strides) ? numbers.Open : () => Rows(numbers.ToArray(), shape, strides, size));
    }

    /// <summary>How many numbers apart neighbours are where the first dimension, or the last, varies fastest.</summary>
    internal static long[] Strides(long[] shape, bool firstIsFastest)
    {
        var strides = new long[shape.Length];
        var apart = 1L;
        for (var i = 0; i < shape.Length; i++)
        {
            var dimension = firstIsFastest ? i : shape.Length - 1 - i;
            strides[dimension] = apart;
            apart = unchecked(apart * Math.Max(shape[dimension], 1));
        }

        return strides;
    }

    private static bool IsRowMajor(long[] shape, long[] strides)
    {
        var rows = Strides(shape, firstIsFastest: false);
        return !shape.Where((size, i) => size > 1 && strides[i] != rows[i]).Any();
    }

    /// <summary>Its bytes row by row.</summary>
    /// <param name="from">Those of the numbers, of which it has the first.</param>
    /// <param name="size">Bytes of a number.</param>
    internal static MemoryStream Rows(byte[] from, long[] shape, long[] strides, int size)
    {
        var to = new byte[shape.Aggregate((long)size, static (product, length) => product * length)];
        var index = new long[shape.Length];
        for (var (at, place) = (0L, 0L); at < to.Length; at += size)
        {
            from.AsSpan((int)place * size, size).CopyTo(to.AsSpan((int)at, size));
            for (var i = shape.Length - 1; i >= 0; i--)
            {
                place += strides[i];
                if (++index[i] < shape[i])
                {
                    break;
                }

                place -= strides[i] * shape[i];
                index[i] = 0;
            }
        }

        return new MemoryStream(to, writable: false);
    }
}
