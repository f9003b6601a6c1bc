using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Largest and smallest elements, order, and normalised exponentials.
    public partial class Tensor
    {
        public Tensor max() => Native.ts_max(this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Pair(Native.ts_max_dim(this, dim, keepdim));

        public Tensor amax(params long[] dims) => amax(dims.Given());

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => amax(dims.Given(), keepdim, @out);

        /// <summary>The extreme over several dimensions; ties share the gradient. <c>out</c> receives a copy where given.</summary>
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
        {
            var result = Native.ts_amax(this, dims, dims.Length, keepdim);
            return @out is null ? result : @out.copy_(result);
        }

        public Tensor argmax() => Native.ts_argmax(this);

        public Tensor argmax(long dim, bool keepdim = false) => Native.ts_argmax_dim(this, dim, keepdim);

        public Tensor min() => Native.ts_min(this);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Pair(Native.ts_min_dim(this, dim, keepdim));

        public Tensor amin(params long[] dims) => amin(dims.Given());

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => amin(dims.Given(), keepdim, @out);

        /// <summary>The extreme over several dimensions; ties share the gradient. <c>out</c> receives a copy where given.</summary>
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
        {
            var result = Native.ts_amin(this, dims, dims.Length, keepdim);
            return @out is null ? result : @out.copy_(result);
        }

        public Tensor argmin() => Native.ts_argmin(this);

        public Tensor argmin(long dim, bool keepdim = false) => Native.ts_argmin_dim(this, dim, keepdim);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Pair(Native.ts_sort(this, dim, descending, stable));

        public Tensor argsort(long dim = -1, bool descending = false) => Native.ts_argsort(this, dim, descending);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Pair(Native.ts_topk(this, k, dim, largest, sorted));

        /// <summary>The distinct elements (or slices along <paramref name="dim"/>); what was not asked for is null.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var list = dim is { } d
                ? Native.ts_unique_dim(this, d, sorted, return_inverse, return_counts)
                : Native.ts_unique(this, sorted, return_inverse, return_counts);
            return (list[0], list[1], list[2]);
        }

        public Tensor softmax(long dim, ScalarType? dtype = null) => Native.ts_softmax(this, dim, Code(dtype));

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Native.ts_log_softmax(this, dim, Code(dtype));
    }
}
