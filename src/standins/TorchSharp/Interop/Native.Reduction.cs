using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// Sums, extremes and order (native/reduce.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial Tensor ts_sum(Tensor self, int type);

    [LibraryImport(Library)]
    internal static partial Tensor ts_sum_dims(Tensor self, ReadOnlySpan<long> dims, int count, Flag keepdim, int type);

    [LibraryImport(Library)]
    internal static partial Tensor ts_mean(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_mean_dims(
        Tensor self, ReadOnlySpan<long> dims, int count, Flag keepdim, int type);

    [LibraryImport(Library)]
    internal static partial Tensor ts_std(Tensor self, Flag unbiased);

    [LibraryImport(Library)]
    internal static partial Tensor ts_std_dims(
        Tensor self, ReadOnlySpan<long> dims, int count, Flag unbiased, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_var(Tensor self, Flag unbiased);

    [LibraryImport(Library)]
    internal static partial Tensor ts_var_dims(
        Tensor self, ReadOnlySpan<long> dims, int count, Flag unbiased, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_max(Tensor self);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_max_dim(Tensor self, long dim, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_amax(Tensor self, ReadOnlySpan<long> dims, int count, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_argmax(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_argmax_dim(Tensor self, long dim, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_min(Tensor self);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_min_dim(Tensor self, long dim, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_amin(Tensor self, ReadOnlySpan<long> dims, int count, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_argmin(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_argmin_dim(Tensor self, long dim, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_all(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_all_dim(Tensor self, long dim, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_any(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_any_dim(Tensor self, long dim, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_norm(Tensor self, double p);

    [LibraryImport(Library)]
    internal static partial Tensor ts_norm_dim(Tensor self, long dim, Flag keepdim, double p);

    [LibraryImport(Library)]
    internal static partial Tensor ts_logsumexp(Tensor self, long dim, Flag keepdim);

    [LibraryImport(Library)]
    internal static partial Tensor ts_cumsum(Tensor self, long dim, int type);

    [LibraryImport(Library)]
    internal static partial Tensor ts_median(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_count_nonzero(Tensor self, ReadOnlySpan<long> dims, int count);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_sort(Tensor self, long dim, Flag descending, Flag stable);

    [LibraryImport(Library)]
    internal static partial Tensor ts_argsort(Tensor self, long dim, Flag descending);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_topk(Tensor self, long k, long dim, Flag largest, Flag sorted);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_unique(Tensor self, Flag sorted, Flag inverse, Flag counts);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_unique_dim(Tensor self, long dim, Flag sorted, Flag inverse, Flag counts);

    [LibraryImport(Library)]
    internal static partial Tensor ts_softmax(Tensor self, long dim, int type);

    [LibraryImport(Library)]
    internal static partial Tensor ts_log_softmax(Tensor self, long dim, int type);
}
