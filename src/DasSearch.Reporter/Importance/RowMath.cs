using System.Numerics;
using System.Runtime.InteropServices;

namespace DasSearch.Reporter.Importance;

/// <summary>Arithmetic on rows of numbers, where most of the time goes when a million evaluations are read.</summary>
internal static class RowMath
{
    /// <summary>Adds a row to sums of the same length.</summary>
    internal static void Add(ReadOnlySpan<double> row, Span<double> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, row.Length);
        ref var from = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(sums);
        nuint i = 0;
        for (; i + (nuint)Vector<double>.Count <= (nuint)row.Length; i += (nuint)Vector<double>.Count)
        {
            (Vector.LoadUnsafe(ref from, i) + Vector.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
        }

        for (; i < (nuint)row.Length; i++)
        {
            sums[(int)i] += row[(int)i];
        }
    }

    /// <summary>Adds a multiple of a row to sums of the same length.</summary>
    internal static void Add(ReadOnlySpan<double> row, Span<double> sums, double times)
    {
        for (var i = 0; i < row.Length; i++)
        {
            sums[i] += times * row[i];
        }
    }

    /// <summary>The sum of the products of two rows of the same length.</summary>
    internal static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
