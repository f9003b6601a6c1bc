using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module learns; like any tensor it belongs to the innermost scope.</summary>
public class Parameter : torch.Tensor
{
    /// <summary>Takes the tensor over: afterwards <paramref name="data"/> is disposed, as TorchSharp has it.</summary>
    /// <param name="data">The first value.</param>
    /// <param name="requires_grad">Whether it is learnt.</param>
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : base(LastError.Unless(Native.ts_parameter(data.Given(), requires_grad))) => data.Dispose();
}
