using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Cases;

/// <summary>Reading and writing by index: the functions with a dimension, the indexers, and index_put_.</summary>
internal static class IndexCases
{
    private static readonly TensorIndex _all = TensorIndex.Colon;

    public static readonly Case[] All =
    [
        Two("index_select", ("index_select", (x, i) => x.index_select(1, i)), ("torch.index_select", (x, i) => torch.index_select(x, 1, i))),
        Three("index_add", ("index_add", (x, i, s) => x.index_add(0, i, s, 0.5)), ("torch.index_add", (x, i, s) => torch.index_add(x, 0, i, s, 0.5)),
            ("index_add_", (x, i, s) => x.clone().index_add_(0, i, s, 0.5)), ("torch.index_add_", (x, i, s) => torch.index_add_(x.clone(), 0, i, s, 0.5))),
        Three("index_copy", ("index_copy", (x, i, s) => x.index_copy(0, i, s)), ("torch.index_copy", (x, i, s) => torch.index_copy(x, 0, i, s)),
            ("index_copy_", (x, i, s) => x.clone().index_copy_(0, i, s)), ("torch.index_copy_", (x, i, s) => torch.index_copy_(x.clone(), 0, i, s))),
        Two("index_fill", ("index_fill", (x, i) => x.index_fill(1, i, 1.5)), ("torch.index_fill", (x, i) => torch.index_fill(x, 1, i, 1.5)),
            ("index_fill_", (x, i) => x.clone().index_fill_(1, i, 1.5)), ("torch.index_fill_", (x, i) => torch.index_fill_(x.clone(), 1, i, 1.5))),
        Two("gather", ("gather", (x, i) => x.gather(1, i)), ("torch.gather", (x, i) => torch.gather(x, 1, i))),
        Three("scatter", ("scatter", (x, i, s) => x.scatter(1, i, s)), ("torch.scatter", (x, i, s) => torch.scatter(x, 1, i, s)),
            ("scatter_", (x, i, s) => x.clone().scatter_(1, i, s)), ("torch.scatter_", (x, i, s) => torch.scatter_(x.clone(), 1, i, s))),
        Three("scatter_add", ("scatter_add", (x, i, s) => x.scatter_add(1, i, s)), ("torch.scatter_add", (x, i, s) => torch.scatter_add(x, 1, i, s)),
            ("scatter_add_", (x, i, s) => x.clone().scatter_add_(1, i, s)), ("torch.scatter_add_", (x, i, s) => torch.scatter_add_(x.clone(), 1, i, s))),
        Two("take_along_dim", ("take_along_dim(dim)", (x, i) => x.take_along_dim(i, 1)), ("torch.take_along_dim", (x, i) => torch.take_along_dim(x, i, 1))),
        Two("take_along_flat", ("take_along_dim", (x, i) => x.take_along_dim(i))),
        Two("masked_select", ("masked_select", (x, m) => x.masked_select(m)), ("torch.masked_select", torch.masked_select)),
        Three("masked_scatter", ("masked_scatter", (x, m, s) => x.masked_scatter(m, s)), ("masked_scatter_", (x, m, s) => x.clone().masked_scatter_(m, s))),
        One("index_1", ("TensorItems", x => x[1]), ("index", x => x.index(TensorIndex.Single(1)))),
        One("index_2", ("TensorItems", x => x[1, -1]), ("index", x => x.index(TensorIndex.Single(1), TensorIndex.Single(-1)))),
        One("index_3", ("TensorItems", x => x[1, 0, 1])),
        One("index_4", ("TensorItems", x => x[0, 1, 0, 1])),
        One("index_ellipsis", ("TensorItems", x => x[TensorIndex.Ellipsis, 1]), ("index", x => x.index(TensorIndex.Ellipsis, TensorIndex.Single(1)))),
        One("index_none", ("TensorItems", x => x[_all, TensorIndex.None, 1]), ("TensorItems(Null)", x => x[_all, TensorIndex.Null, 1])),
        One("index_slice", ("TensorItems", x => x[TensorIndex.Slice(1), TensorIndex.Slice(0, 3, 2)]), ("TensorItems(Range)", x => x[1.., TensorIndex.Slice(stop: 3, step: 2)])),
        One("index_slice_open", ("TensorItems(Range)", x => x[..2, ^2..]), ("TensorItems", x => x[TensorIndex.Slice(stop: 2), TensorIndex.Slice(-2)]),
            ("TensorItems(pair)", x => x[TensorIndex.Slice((null, 2)), TensorIndex.Slice((-2, null))])),
        One("index_bool", ("TensorItems", x => x[TensorIndex.Bool(true), 1])),
        Two("index_tensor", ("TensorItems", (x, i) => x[i]), ("index(Tensor)", (x, i) => x.index(i)), ("index", (x, i) => x.index(TensorIndex.Tensor(i)))),
        Three("index_tensor_pair", ("TensorItems", (x, i, j) => x[i, j]), ("index(Tensor)", (x, i, j) => x.index(i, j))),
        Two("index_mask", ("TensorItems", (x, m) => x[m]), ("index(Tensor)", (x, m) => x.index(m))),
        Two("index_mixed", ("TensorItems", (x, i) => x[_all, TensorIndex.Tensor(i), TensorIndex.None, TensorIndex.Ellipsis])),
        Two("put_1", ("TensorItems", (x, v) => Put(x, y => y[1] = v)), ("index_put_", (x, v) => x.clone().index_put_(v, TensorIndex.Single(1)))),
        Two("put_2", ("TensorItems", (x, v) => Put(x, y => y[1, 2] = v)), ("index_put_", (x, v) => x.clone().index_put_(v, TensorIndex.Single(1), TensorIndex.Single(2)))),
        Two("put_slice", ("TensorItems", (x, v) => Put(x, y => y[.., 1..] = v)), ("index_put_", (x, v) => x.clone().index_put_(v, _all, TensorIndex.Slice(1)))),
        Two("put_ellipsis", ("TensorItems", (x, v) => Put(x, y => y[TensorIndex.Ellipsis, 0] = v)),
            ("index_put_", (x, v) => x.clone().index_put_(v, TensorIndex.Ellipsis, TensorIndex.Single(0)))),
        One("put_scalar", ("index_put_(Scalar)", x => x.clone().index_put_(2.5, _all, TensorIndex.Single(1))), ("TensorItems", x => Put(x, y => y[.., 1] = torch.tensor(2.5, x.dtype)))),
        Three("put_tensor", ("TensorItems", (x, i, v) => Put(x, y => y[i] = v)), ("index_put_(Tensor)", (x, i, v) => x.clone().index_put_(v, i))),
        Two("put_tensor_scalar", ("index_put_(Scalar, Tensor)", (x, i) => x.clone().index_put_(1.5, i))),
        Two("put_mask_scalar", ("index_put_(Scalar, Tensor)", (x, m) => x.clone().index_put_(-1.5, m))),
        Raw("put_pair", ("TensorItems", a => [Put(a[0], y => y[a[1], a[2]] = a[3])]), ("index_put_(Tensor)", a => [a[0].clone().index_put_(a[3], a[1], a[2])])),
    ];

    /// <summary>What a copy holds after an assignment to it.</summary>
    private static Tensor Put(Tensor x, Action<Tensor> assign)
    {
        var copy = x.clone();
        assign(copy);
        return copy;
    }
}
