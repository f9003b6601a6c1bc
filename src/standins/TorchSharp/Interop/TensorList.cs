namespace TorchSharp.Interop;

/// <summary>Tensors on their way into a native call: their handles, and the references that keep them alive.</summary>
/// <remarks>Callers end with <see cref="GC.KeepAlive"/> of the list.</remarks>
internal sealed class TensorList
{
    private readonly torch.Tensor[] _tensors;

    /// <exception cref="ArgumentNullException">The list, or one of its tensors, is null.</exception>
    /// <exception cref="InvalidOperationException">A tensor is disposed.</exception>
    internal TensorList(IEnumerable<torch.Tensor> tensors, string argument)
    {
        ArgumentNullException.ThrowIfNull(tensors, argument);
        _tensors = [.. tensors];
        Handles = new nint[_tensors.Length];
        for (var i = 0; i < _tensors.Length; i++)
        {
            var tensor = _tensors[i] ?? throw new ArgumentNullException(argument, $"Tensor {i} of the list is null.");
            Handles[i] = tensor.Handle;
        }
    }

    /// <summary>An absent list counts as an empty one.</summary>
    internal static TensorList OrEmpty(IEnumerable<torch.Tensor>? tensors, string argument) => new(tensors ?? [], argument);

    internal nint[] Handles { get; }

    internal long Count => Handles.Length;
}
