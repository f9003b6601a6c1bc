using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// Life, facts, contents and creation (native/tensor.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial void ts_dispose(nint self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_alias(Tensor self);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long ts_dim(nint self);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long ts_numel(nint self);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long ts_element_size(nint self);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long ts_storage_offset(nint self);

    [LibraryImport(Library)]
    internal static partial void ts_sizes(nint self, Span<long> sizes);

    [LibraryImport(Library)]
    internal static partial void ts_strides(nint self, Span<long> strides);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int ts_dtype(nint self);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int ts_device_type(nint self);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int ts_device_index(nint self);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial Flag ts_is_contiguous(nint self);

    [LibraryImport(Library)]
    internal static partial Status ts_data(Tensor self, out void* data);

    [LibraryImport(Library)]
    internal static partial void ts_free_list(nint list);

    [LibraryImport(Library)]
    internal static partial long ts_list_length(nint list);

    [LibraryImport(Library)]
    internal static partial Status ts_list_item(nint list, long i, out nint item);

    [LibraryImport(Library)]
    internal static partial Tensor ts_from_bytes(
        byte* bytes, ReadOnlySpan<long> sizes, int count, TensorOptions where, Flag requiresGrad);

    [LibraryImport(Library)]
    internal static partial Tensor ts_empty(ReadOnlySpan<long> sizes, int count, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_zeros(ReadOnlySpan<long> sizes, int count, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_ones(ReadOnlySpan<long> sizes, int count, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_full(ReadOnlySpan<long> sizes, int count, Scalar value, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_arange(Scalar start, Scalar stop, Scalar step, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_linspace(double start, double end, long steps, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_eye(long rows, long columns, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_to(Tensor self, TensorOptions where);

    [LibraryImport(Library)]
    internal static partial Tensor ts_clone(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_contiguous(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_copy_(Tensor self, Tensor source, Flag nonBlocking);

    [LibraryImport(Library)]
    internal static partial Status ts_fill_(Tensor self, Scalar value);

    [LibraryImport(Library)]
    internal static partial Status ts_zero_(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_promote_types(int a, int b, out int result);

    [LibraryImport(Library)]
    internal static partial Status ts_can_cast(int from, int to, out Flag result);

    [LibraryImport(Library)]
    internal static partial Status ts_result_type(Tensor a, Tensor b, out int result);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int ts_get_default_dtype();

    [LibraryImport(Library)]
    internal static partial Status ts_set_default_dtype(int code);

    [LibraryImport(Library)]
    internal static partial Status ts_equal(Tensor self, Tensor other, out Flag result);

    [LibraryImport(Library)]
    internal static partial Status ts_item(Tensor self, out NativeScalar result);
}
