using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Views and rearrangements.
    public partial class Tensor
    {
        public Tensor T => Native.ts_numpy_T(this);

        public Tensor mT => Native.ts_mT(this);

        public Tensor view(params long[] shape) => Native.ts_view(this, shape.Given(), shape.Length);

        public Tensor view_as(Tensor other) => view(other.Given().shape);

        public Tensor reshape(params long[] shape) => Native.ts_reshape(this, shape.Given(), shape.Length);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Native.ts_flatten(this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes) => Native.ts_unflatten(this, dim, sizes.Given(), sizes.Length);

        public Tensor ravel() => Native.ts_ravel(this);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Native.ts_squeeze_dim(this, d) : Native.ts_squeeze(this);

        public Tensor squeeze_(long? dim = null) =>
            Done(dim is { } d ? Native.ts_squeeze_dim_(this, d) : Native.ts_squeeze_(this));

        public Tensor unsqueeze(long dim) => Native.ts_unsqueeze(this, dim);

        public Tensor unsqueeze_(long dim) => Done(Native.ts_unsqueeze_(this, dim));

        public Tensor t() => Native.ts_t(this);

        public Tensor transpose(long dim0, long dim1) => Native.ts_transpose(this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => Done(Native.ts_transpose_(this, dim0, dim1));

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor permute(params long[] permutation) => Native.ts_permute(this, permutation.Given(), permutation.Length);

        public Tensor movedim(long[] source, long[] destination) =>
            Native.ts_movedim(this, source.Given(), source.Length, destination.Given(), destination.Length);

        public Tensor expand(params long[] sizes) => expand(sizes.Given());

        public Tensor expand(long[] sizes, bool isImplicit = false) => expand(sizes.Given(), isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) =>
            Native.ts_expand(this, sizes, sizes.Length, isImplicit);

        public Tensor expand_as(Tensor other) => expand(other.Given().shape);

        public Tensor broadcast_to(params long[] shape) => Native.ts_broadcast_to(this, shape.Given(), shape.Length);

        public Tensor repeat(params long[] sizes) => Native.ts_repeat(this, sizes.Given(), sizes.Length);

        public Tensor tile(long[] reps) => Native.ts_tile(this, reps.Given(), reps.Length);

        public unsafe Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
        {
            var (d, size) = (dim.GetValueOrDefault(), output_size.GetValueOrDefault());
            return Native.ts_repeat_interleave(this, repeats, dim is null ? null : &d, output_size is null ? null : &size);
        }

        /// <summary>Repeats each entry along <paramref name="dim"/> its own number of times.</summary>
        public unsafe Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null)
        {
            var (d, size) = (dim.GetValueOrDefault(), output_size.GetValueOrDefault());
            return Native.ts_repeat_interleave_each(
                this, repeats.Given(), dim is null ? null : &d, output_size is null ? null : &size);
        }

        public Tensor flip(params long[] dims) => Native.ts_flip(this, dims.Given(), dims.Length);

        public Tensor roll(long shifts, long? dims = null) =>
            roll((ReadOnlySpan<long>)[shifts], dims is { } d ? (ReadOnlySpan<long>)[d] : default);

        public Tensor roll(long[] shifts) => roll(shifts.Given(), default);

        public Tensor roll(long[] shifts, long[] dims) => roll(shifts.Given(), dims.Given());

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) =>
            Native.ts_roll(this, shifts, shifts.Length, dims, dims.Length);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Native.ts_as_strided(this, size.Given(), size.Length, strides.Given(), strides.Length, storageOffset);

        /// <summary>Every window of <paramref name="size"/> along a dimension, as a new last dimension.</summary>
        public Tensor unfold(long dimension, long size, long step) => Native.ts_unfold(this, dimension, size, step);

        public Tensor tril(long diagonal = 0) => Native.ts_tril(this, diagonal);

        public Tensor triu(long diagonal = 0) => Native.ts_triu(this, diagonal);

        public Tensor diag(long diagonal = 0) => Native.ts_diag(this, diagonal);

        public Tensor[] chunk(long chunks, long dim = 0) => Native.ts_chunk(this, chunks, dim);

        public Tensor[] split(long size, int dim = 0) => Native.ts_split(this, size, dim);

        public Tensor[] split(params long[] sizes) => split(sizes.Given());

        public Tensor[] split(long[] sizes, long dim = 0) => split(sizes.Given(), dim);

        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Native.ts_split_sizes(this, sizes, sizes.Length, dim);

        public Tensor[] unbind(long dimension = 0) => Native.ts_unbind(this, dimension);
    }
}
