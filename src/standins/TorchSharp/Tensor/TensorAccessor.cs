using System.Collections;
using System.Runtime.CompilerServices;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor in the computer's own memory, in row-major order whatever the strides are.</summary>
/// <typeparam name="T">The .NET type of the tensor's elements.</typeparam>
/// <remarks>Reads and writes the tensor itself: it is a view, not a copy.</remarks>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly long[] _shape;
    private readonly long[] _strides;

    internal TensorAccessor(torch.Tensor tensor)
    {
        _tensor = tensor;
        _shape = tensor.shape;
        _strides = tensor.stride();
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    /// <exception cref="ArgumentException">The number of indices is neither 1 nor the number of dimensions.</exception>
    /// <exception cref="IndexOutOfRangeException">An index lies outside its dimension.</exception>
    public T this[params long[] indices]
    {
        get => Read(Offset(indices));
        set
        {
            At(Offset(indices)) = value;
            GC.KeepAlive(this);
        }
    }

    public static bool operator ==(TensorAccessor<T>? left, TensorAccessor<T>? right) =>
        ReferenceEquals(left, right) || (left is not null && left.Equals(right));

    public static bool operator !=(TensorAccessor<T>? left, TensorAccessor<T>? right) => !(left == right);

    /// <exception cref="ArgumentException">There are more elements than an array can hold.</exception>
    public T[] ToArray()
    {
        if (Count > Array.MaxLength)
        {
            throw new ArgumentException($"{Count} elements do not fit into one array.");
        }

        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    /// <exception cref="ArgumentException">The array is too short.</exception>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        ArgumentNullException.ThrowIfNull(array);
        CheckRange(array.Length, arrayIndex, tensorIndex, Count - tensorIndex);
        if (_tensor.is_contiguous())
        {
            Span(tensorIndex, Count - tensorIndex).CopyTo(array.AsSpan(arrayIndex));
            GC.KeepAlive(this);
            return;
        }

        for (var i = tensorIndex; i < Count; i++)
        {
            array[arrayIndex + i - tensorIndex] = Read(Unravel(i));
        }
    }

    /// <exception cref="ArgumentException">The array holds more than the tensor has left.</exception>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        ArgumentNullException.ThrowIfNull(array);
        var length = array.Length - arrayIndex;
        CheckRange(Count, tensorIndex, arrayIndex, length);
        if (_tensor.is_contiguous())
        {
            array.AsSpan(arrayIndex).CopyTo(Span(tensorIndex, length));
            GC.KeepAlive(this);
            return;
        }

        for (var i = 0; i < length; i++)
        {
            At(Unravel(tensorIndex + i)) = array[arrayIndex + i];
        }

        GC.KeepAlive(this);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0L; i < Count; i++)
        {
            yield return Read(Unravel(i));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) =>
        obj is TensorAccessor<T> other && Count == other.Count && this.SequenceEqual(other);

    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(_tensor), Count);

    /// <summary>The tensor stays; only this view of it ends.</summary>
    public void Dispose()
    {
    }

    private static void CheckRange(long capacity, long start, long otherStart, long length)
    {
        if (start < 0 || otherStart < 0 || length < 0 || start + length > capacity)
        {
            throw new ArgumentException($"{length} elements from position {start} do not fit into {capacity}.");
        }
    }

    private long Offset(long[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.Length == 1)
        {
            return indices[0] >= 0 && indices[0] < Count
                ? Unravel(indices[0])
                : throw new IndexOutOfRangeException($"Index {indices[0]} is outside the tensor's {Count} elements.");
        }

        if (indices.Length != _shape.Length)
        {
            throw new ArgumentException($"Expected 1 or {_shape.Length} indices, got {indices.Length}.");
        }

        var offset = 0L;
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= _shape[i])
            {
                throw new IndexOutOfRangeException($"Index {indices[i]} is outside dimension {i} of size {_shape[i]}.");
            }

            offset += indices[i] * _strides[i];
        }

        return offset;
    }

    private long Unravel(long index)
    {
        var offset = 0L;
        for (var i = _shape.Length - 1; i >= 0; i--)
        {
            offset += index % _shape[i] * _strides[i];
            index /= _shape[i];
        }

        return offset;
    }

    private T Read(long offset)
    {
        var value = At(offset);

        // Not before the value is read may the tensor be finalized.
        GC.KeepAlive(this);
        return value;
    }

    // The address is asked for each time: the tensor may have been resized, moved or disposed since.
    private unsafe ref T At(long offset) => ref ((T*)_tensor.DataPointer())[offset];

    private unsafe Span<T> Span(long start, long length) => new((T*)_tensor.DataPointer() + start, checked((int)length));
}
