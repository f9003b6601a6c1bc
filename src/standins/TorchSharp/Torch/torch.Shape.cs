using TorchSharp.Interop;

namespace TorchSharp;

// Rearrangements and selections, called as torch.f(x).
public static partial class torch
{
    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.Given().broadcast_to(shape);

    public static Tensor clone(Tensor input) => input.Given().clone();

    public static Tensor diag(Tensor input, long diagonal = 0) => input.Given().diag(diagonal);

    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) =>
        input.Given().flatten(start_dim, end_dim);

    public static Tensor flip(Tensor input, params long[] dims) => input.Given().flip(dims);

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.Given().gather(dim, index);

    public static Tensor index_add(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) =>
        input.Given().index_add(dim, index, source, alpha);

    public static Tensor index_add_(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) =>
        input.Given().index_add_(dim, index, source, alpha);

    public static Tensor index_copy(Tensor input, long dim, Tensor index, Tensor source) =>
        input.Given().index_copy(dim, index, source);

    public static Tensor index_copy_(Tensor input, long dim, Tensor index, Tensor source) =>
        input.Given().index_copy_(dim, index, source);

    public static Tensor index_fill(Tensor input, long dim, Tensor index, Scalar value) =>
        input.Given().index_fill(dim, index, value);

    public static Tensor index_fill_(Tensor input, long dim, Tensor index, Scalar value) =>
        input.Given().index_fill_(dim, index, value);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.Given().index_select(dim, index);

    public static Tensor masked_select(Tensor input, Tensor mask) => input.Given().masked_select(mask);

    public static Tensor movedim(Tensor input, long source, long destination) =>
        input.Given().movedim([source], [destination]);

    public static Tensor movedim(Tensor input, long[] source, long[] destination) =>
        input.Given().movedim(source, destination);

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.Given().narrow(dim, start, length);

    public static Tensor permute(Tensor input, params long[] permutation) => input.Given().permute(permutation);

    public static Tensor ravel(Tensor input) => input.Given().ravel();

    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) =>
        input.Given().repeat_interleave(repeats, dim, output_size);

    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null) =>
        input.Given().repeat_interleave(repeats, dim, output_size);

    public static Tensor reshape(Tensor input, params long[] shape) => input.Given().reshape(shape);

    public static Tensor roll(Tensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) =>
        input.Given().roll(shifts, dims);

    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.Given().roll(shifts, dims);

    public static Tensor roll(Tensor input, long[] shifts) => input.Given().roll(shifts);

    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.Given().roll(shifts, dims);

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.Given().scatter(dim, index, src);

    public static Tensor scatter_(Tensor input, long dim, Tensor index, Tensor src) =>
        input.Given().scatter_(dim, index, src);

    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) =>
        input.Given().scatter_add(dim, index, src);

    public static Tensor scatter_add_(Tensor input, long dim, Tensor index, Tensor src) =>
        input.Given().scatter_add_(dim, index, src);

    public static Tensor select(Tensor input, long dim, long index) => input.Given().select(dim, index);

    public static Tensor squeeze(Tensor input, long? dim = null) => input.Given().squeeze(dim);

    public static Tensor squeeze_(Tensor input, long? dim = null) => input.Given().squeeze_(dim);

    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.Given().swapaxes(axis0, axis1);

    public static Tensor t(Tensor input) => input.Given().t();

    public static Tensor take_along_dim(Tensor input, Tensor indices, long dim = 0) =>
        input.Given().take_along_dim(indices, dim);

    public static Tensor tile(Tensor input, long[] dims) => input.Given().tile(dims);

    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.Given().transpose(dim0, dim1);

    public static Tensor tril(Tensor input, long diagonal = 0) => input.Given().tril(diagonal);

    public static Tensor triu(Tensor input, long diagonal = 0) => input.Given().triu(diagonal);

    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.Given().unflatten(dim, sizes);

    public static Tensor unsqueeze(Tensor input, long dim) => input.Given().unsqueeze(dim);

    public static Tensor unsqueeze_(Tensor input, long dim) => input.Given().unsqueeze_(dim);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.Given().chunk(chunks, dim);

    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) =>
        tensor.Given().split(split_size_or_sections, dim);

    public static Tensor[] unbind(Tensor input, long dim = 0) => input.Given().unbind(dim);
}
