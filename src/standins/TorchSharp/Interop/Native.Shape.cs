using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// Views, rearrangements, joins and splits (native/shape.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial Tensor ts_view(Tensor self, ReadOnlySpan<long> sizes, int count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_reshape(Tensor self, ReadOnlySpan<long> sizes, int count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_permute(Tensor self, ReadOnlySpan<long> sizes, int count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_repeat(Tensor self, ReadOnlySpan<long> sizes, int count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_tile(Tensor self, ReadOnlySpan<long> sizes, int count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_flip(Tensor self, ReadOnlySpan<long> sizes, int count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_broadcast_to(Tensor self, ReadOnlySpan<long> sizes, int count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_expand(Tensor self, ReadOnlySpan<long> sizes, int count, Flag isImplicit);

    [LibraryImport(Library)]
    internal static partial Tensor ts_flatten(Tensor self, long start, long end);

    [LibraryImport(Library)]
    internal static partial Tensor ts_unflatten(Tensor self, long dim, ReadOnlySpan<long> sizes, int count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_squeeze(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_squeeze_dim(Tensor self, long dim);

    [LibraryImport(Library)]
    internal static partial Status ts_squeeze_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_squeeze_dim_(Tensor self, long dim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_unsqueeze(Tensor self, long dim);

    [LibraryImport(Library)]
    internal static partial Status ts_unsqueeze_(Tensor self, long dim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_transpose(Tensor self, long a, long b);

    [LibraryImport(Library)]
    internal static partial Status ts_transpose_(Tensor self, long a, long b);

    [LibraryImport(Library)]
    internal static partial Tensor ts_t(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_numpy_T(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_mT(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_ravel(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_movedim(
        Tensor self, ReadOnlySpan<long> from, int fromCount, ReadOnlySpan<long> to, int toCount);

    [LibraryImport(Library)]
    internal static partial Tensor ts_roll(
        Tensor self, ReadOnlySpan<long> shifts, int shiftCount, ReadOnlySpan<long> dims, int dimCount);

    [LibraryImport(Library)]
    internal static partial Tensor ts_repeat_interleave(Tensor self, long repeats, long* dim, long* size);

    [LibraryImport(Library)]
    internal static partial Tensor ts_repeat_interleave_each(Tensor self, Tensor repeats, long* dim, long* size);

    [LibraryImport(Library)]
    internal static partial Tensor ts_as_strided(
        Tensor self, ReadOnlySpan<long> sizes, int sizeCount, ReadOnlySpan<long> strides, int strideCount, long offset);

    [LibraryImport(Library)]
    internal static partial Tensor ts_unfold(Tensor self, long dim, long size, long step);

    [LibraryImport(Library)]
    internal static partial Tensor ts_tril(Tensor self, long diagonal);

    [LibraryImport(Library)]
    internal static partial Tensor ts_triu(Tensor self, long diagonal);

    [LibraryImport(Library)]
    internal static partial Tensor ts_diag(Tensor self, long diagonal);

    [LibraryImport(Library)]
    internal static partial Tensor ts_cat(ReadOnlySpan<nint> parts, long count, long dim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_stack(ReadOnlySpan<nint> parts, long count, long dim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_hstack(ReadOnlySpan<nint> parts, long count);

    [LibraryImport(Library)]
    internal static partial Tensor ts_vstack(ReadOnlySpan<nint> parts, long count);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_chunk(Tensor self, long chunks, long dim);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_split(Tensor self, long size, long dim);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_split_sizes(Tensor self, ReadOnlySpan<long> sizes, int count, long dim);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_unbind(Tensor self, long dim);
}
