using TorchSharp.Interop;

namespace TorchSharp;

// Sums, extremes and order, called as torch.f(x).
public static partial class torch
{
    public static Tensor all(Tensor input) => input.Given().all();

    public static Tensor all(Tensor input, long dim, bool keepdim = false) => input.Given().all(dim, keepdim);

    public static Tensor amax(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
        input.Given().amax(dims, keepdim, @out);

    public static Tensor amax(Tensor input, long[] dims) => input.Given().amax(dims);

    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) =>
        input.Given().amax(dims, keepdim, @out);

    public static Tensor amin(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
        input.Given().amin(dims, keepdim, @out);

    public static Tensor amin(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) =>
        input.Given().amin(dims, keepdim, @out);

    public static Tensor any(Tensor input) => input.Given().any();

    public static Tensor any(Tensor input, long dim, bool keepdim = false) => input.Given().any(dim, keepdim);

    public static Tensor argmax(Tensor input) => input.Given().argmax();

    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.Given().argmax(dim, keepdim);

    public static Tensor argmin(Tensor input) => input.Given().argmin();

    public static Tensor argmin(Tensor input, long dim, bool keepdim = false) => input.Given().argmin(dim, keepdim);

    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) =>
        input.Given().argsort(dim, descending);

    public static Tensor count_nonzero(Tensor input, long[]? dims = null) => input.Given().count_nonzero(dims);

    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.Given().cumsum(dim, type);

    public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) => input.Given().logsumexp(dim, keepdim);

    public static Tensor max(Tensor input) => input.Given().max();

    public static Tensor mean(Tensor input) => input.Given().mean();

    public static Tensor mean(Tensor input, long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
        input.Given().mean(dimensions, keepdim, type);

    public static Tensor median(Tensor input) => input.Given().median();

    public static Tensor min(Tensor input) => input.Given().min();

    public static Tensor nonzero(Tensor input) => input.Given().nonzero();

    public static Tensor norm(Tensor input) => input.Given().norm();

    public static Tensor norm(Tensor input, float p = 2) => input.Given().norm(p);

    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2) =>
        input.Given().norm(dimension, keepdim, p);

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.Given().softmax(dim, dtype);

    public static Tensor std(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.Given().std(dimensions, unbiased, keepdim, type);

    public static Tensor std(
        Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.Given().std(dimensions, unbiased, keepdim, type);

    public static Tensor std(Tensor input, bool unbiased = true) => input.Given().std(unbiased);

    public static Tensor std(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.Given().std(dimensions, unbiased, keepdim, type);

    public static Tensor std(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.Given().std(dimensions, unbiased, keepdim, type);

    public static Tensor sum(Tensor input, ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
        input.Given().sum(dim, keepdim, type);

    public static Tensor sum(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) =>
        input.Given().sum(dim, keepdim, type);

    public static Tensor sum(Tensor input, ScalarType? type = null) => input.Given().sum(type);

    public static Tensor var(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.Given().var(dimensions, unbiased, keepdim, type);

    public static Tensor var(
        Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.Given().var(dimensions, unbiased, keepdim, type);

    public static Tensor var(Tensor input, bool unbiased = true) => input.Given().var(unbiased);

    public static Tensor var(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.Given().var(dimensions, unbiased, keepdim, type);

    public static Tensor var(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.Given().var(dimensions, unbiased, keepdim, type);

    public static (Tensor values, Tensor indexes) max(Tensor input, long dim, bool keepdim = false) => input.Given().max(dim, keepdim);

    public static (Tensor values, Tensor indexes) min(Tensor input, long dim, bool keepdim = false) => input.Given().min(dim, keepdim);

    public static (Tensor Values, Tensor Indices) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false) =>
        input.Given().sort(dim, descending, stable);

    public static (Tensor values, Tensor indexes) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true) =>
        tensor.Given().topk(k, dim, largest, sorted);
}
