using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DasSearch.Data.Batches;

/// <summary>The one place where batches' tensors are made: outside every dispose scope.</summary>
internal static class BatchTensors
{
    /// <summary>An uninitialised tensor in the computer's memory that belongs to its batch.</summary>
    public static Tensor Make(ScalarType type, params ReadOnlySpan<long> size) => empty(size, type, CPU).DetachFromDisposeScope();

    /// <summary>A copy on another device that belongs to its batch.</summary>
    public static Tensor Copy(Tensor tensor, Device device) => as_tensor(tensor, device: device).DetachFromDisposeScope();

    /// <summary>A tensor's elements, to be overwritten.</summary>
    public static Span<T> Elements<T>(Tensor tensor)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(tensor.bytes);
}
