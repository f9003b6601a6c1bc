using TorchSharp.Interop;

namespace TorchSharp;

// Several tensors made into one.
public static partial class torch
{
    /// <summary>Joins along an existing dimension.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        var list = new TensorList(tensors, nameof(tensors));
        var result = Native.ts_cat(list.Handles, list.Count, dim);
        GC.KeepAlive(list);
        return result;
    }

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <summary>Joins along a new dimension.</summary>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        var list = new TensorList(tensors, nameof(tensors));
        var result = Native.ts_stack(list.Handles, list.Count, dim);
        GC.KeepAlive(list);
        return result;
    }

    public static Tensor hstack(IList<Tensor> tensors) => hstack((IEnumerable<Tensor>)tensors);

    public static Tensor hstack(params Tensor[] tensors) => hstack((IEnumerable<Tensor>)tensors);

    public static Tensor hstack(IEnumerable<Tensor> tensors)
    {
        var list = new TensorList(tensors, nameof(tensors));
        var result = Native.ts_hstack(list.Handles, list.Count);
        GC.KeepAlive(list);
        return result;
    }

    public static Tensor vstack(IList<Tensor> tensors)
    {
        var list = new TensorList(tensors, nameof(tensors));
        var result = Native.ts_vstack(list.Handles, list.Count);
        GC.KeepAlive(list);
        return result;
    }

    /// <summary>A sum of products over named subscripts, for instance <c>bqd,bkd-&gt;bqk</c>.</summary>
    public static Tensor einsum(string equation, params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(equation);
        var list = new TensorList(tensors, nameof(tensors));
        var result = Native.ts_einsum(equation, list.Handles, list.Count);
        GC.KeepAlive(list);
        return result;
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.Given().where(condition, y);
}
