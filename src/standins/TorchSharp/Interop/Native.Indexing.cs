using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// Selecting, gathering and scattering (native/indexing.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial Tensor ts_index(Tensor self, ReadOnlySpan<NativeIndex> list, int count);

    [LibraryImport(Library)]
    internal static partial Status ts_index_put_(Tensor self, ReadOnlySpan<NativeIndex> list, int count, Tensor value);

    [LibraryImport(Library)]
    internal static partial Status ts_index_put_scalar_(
        Tensor self, ReadOnlySpan<NativeIndex> list, int count, Scalar value);

    [LibraryImport(Library)]
    internal static partial Tensor ts_select(Tensor self, long dim, long index);

    [LibraryImport(Library)]
    internal static partial Tensor ts_narrow(Tensor self, long dim, long start, long length);

    [LibraryImport(Library)]
    internal static partial Tensor ts_slice(Tensor self, long dim, long start, long stop, long step);

    [LibraryImport(Library)]
    internal static partial Tensor ts_index_select(Tensor self, long dim, Tensor index);

    [LibraryImport(Library)]
    internal static partial Tensor ts_gather(Tensor self, long dim, Tensor index);

    [LibraryImport(Library)]
    internal static partial Tensor ts_take_along_dim(Tensor self, Tensor index, long* dim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_scatter(Tensor self, long dim, Tensor index, Tensor source);

    [LibraryImport(Library)]
    internal static partial Status ts_scatter_(Tensor self, long dim, Tensor index, Tensor source);

    [LibraryImport(Library)]
    internal static partial Tensor ts_scatter_add(Tensor self, long dim, Tensor index, Tensor source);

    [LibraryImport(Library)]
    internal static partial Status ts_scatter_add_(Tensor self, long dim, Tensor index, Tensor source);

    [LibraryImport(Library)]
    internal static partial Tensor ts_index_copy(Tensor self, long dim, Tensor index, Tensor source);

    [LibraryImport(Library)]
    internal static partial Status ts_index_copy_(Tensor self, long dim, Tensor index, Tensor source);

    [LibraryImport(Library)]
    internal static partial Tensor ts_index_add(Tensor self, long dim, Tensor index, Tensor source, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Status ts_index_add_(Tensor self, long dim, Tensor index, Tensor source, Scalar alpha);

    [LibraryImport(Library)]
    internal static partial Tensor ts_index_fill(Tensor self, long dim, Tensor index, Scalar value);

    [LibraryImport(Library)]
    internal static partial Status ts_index_fill_(Tensor self, long dim, Tensor index, Scalar value);

    [LibraryImport(Library)]
    internal static partial Tensor ts_masked_fill(Tensor self, Tensor mask, Scalar value);

    [LibraryImport(Library)]
    internal static partial Status ts_masked_fill_(Tensor self, Tensor mask, Scalar value);

    [LibraryImport(Library)]
    internal static partial Tensor ts_masked_select(Tensor self, Tensor mask);

    [LibraryImport(Library)]
    internal static partial Tensor ts_masked_scatter(Tensor self, Tensor mask, Tensor source);

    [LibraryImport(Library)]
    internal static partial Status ts_masked_scatter_(Tensor self, Tensor mask, Tensor source);

    [LibraryImport(Library)]
    internal static partial Tensor ts_nonzero(Tensor self);
}
