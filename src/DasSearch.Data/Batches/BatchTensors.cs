using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DasSearch.Data.Batches;

/// <summary>The one place where tensors are made: in the computer's memory, outside every dispose scope.</summary>
internal static class BatchTensors
{
    /// <summary>An uninitialised tensor that belongs to its batch.</summary>
    public static Tensor Make(ScalarType type, params ReadOnlySpan<long> size) => empty(size, type, CPU).DetachFromDisposeScope();

    /// <summary>A tensor's elements, to be overwritten.</summary>
    public static Span<T> Elements<T>(Tensor tensor)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(tensor.bytes);
}
