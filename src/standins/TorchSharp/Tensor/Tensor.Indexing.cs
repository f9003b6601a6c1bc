using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Selecting, gathering and scattering elements.
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index(At(i1));
            set => index_put_(value, At(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(At(i1, i2));
            set => index_put_(value, At(i1, i2));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(At(i1, i2, i3));
            set => index_put_(value, At(i1, i2, i3));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(At(i1, i2, i3, i4));
            set => index_put_(value, At(i1, i2, i3, i4));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var list = TensorIndex.ToNative(indices);
            var result = Native.ts_index(this, list, list.Length);
            GC.KeepAlive(indices);
            return result;
        }

        public Tensor index(params Tensor[] indices) => index(TensorIndex.FromTensors(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var list = TensorIndex.ToNative(indices);
            Native.ts_index_put_(this, list, list.Length, value.Given()).Check();
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, TensorIndex.FromTensors(indices));

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            var list = TensorIndex.ToNative(indices);
            Native.ts_index_put_scalar_(this, list, list.Length, value).Check();
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, TensorIndex.FromTensors(indices));

        private static TensorIndex[] At(params long[] positions) => Array.ConvertAll(positions, static i => (TensorIndex)i);

        public Tensor select(long dim, long index) => Native.ts_select(this, dim, index);

        public Tensor narrow(long dim, long start, long length) => Native.ts_narrow(this, dim, start, length);

        public Tensor slice(long dim, long start, long finish, long step) => Native.ts_slice(this, dim, start, finish, step);

        public Tensor index_select(long dim, Tensor index) => Native.ts_index_select(this, dim, index.Given());

        public Tensor gather(long dim, Tensor index) => Native.ts_gather(this, dim, index.Given());

        public unsafe Tensor take_along_dim(Tensor indices) => Native.ts_take_along_dim(this, indices.Given(), null);

        public unsafe Tensor take_along_dim(Tensor indices, long dim) => Native.ts_take_along_dim(this, indices.Given(), &dim);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Native.ts_scatter(this, dim, index.Given(), src.Given());

        public Tensor scatter_(long dim, Tensor index, Tensor src) =>
            Done(Native.ts_scatter_(this, dim, index.Given(), src.Given()));

        public Tensor scatter_add(long dim, Tensor index, Tensor src) =>
            Native.ts_scatter_add(this, dim, index.Given(), src.Given());

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) =>
            Done(Native.ts_scatter_add_(this, dim, index.Given(), src.Given()));

        /// <summary>Adds alpha · source to the entries named by <paramref name="index"/>; entries named twice get both.</summary>
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Native.ts_index_add(this, dim, index.Given(), source.Given(), alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Done(Native.ts_index_add_(this, dim, index.Given(), source.Given(), alpha));

        public Tensor index_copy(long dim, Tensor index, Tensor source) =>
            Native.ts_index_copy(this, dim, index.Given(), source.Given());

        public Tensor index_copy_(long dim, Tensor index, Tensor source) =>
            Done(Native.ts_index_copy_(this, dim, index.Given(), source.Given()));

        public Tensor index_fill(long dim, Tensor index, Scalar value) =>
            Native.ts_index_fill(this, dim, index.Given(), value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) =>
            Done(Native.ts_index_fill_(this, dim, index.Given(), value));

        public Tensor masked_select(Tensor mask) => Native.ts_masked_select(this, mask.Given());

        public Tensor masked_scatter(Tensor mask, Tensor value) => Native.ts_masked_scatter(this, mask.Given(), value.Given());

        public Tensor masked_scatter_(Tensor mask, Tensor value) =>
            Done(Native.ts_masked_scatter_(this, mask.Given(), value.Given()));

        /// <summary>The positions of the elements that are not 0: [found, dims], of type Int64.</summary>
        public Tensor nonzero() => Native.ts_nonzero(this);
    }
}
