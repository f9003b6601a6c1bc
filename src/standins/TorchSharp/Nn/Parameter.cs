using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module learns.</summary>
/// <remarks>Shares the elements of the tensor it is made from, and like any tensor belongs to the innermost scope.</remarks>
public class Parameter(torch.Tensor data, bool requires_grad = true)
    : torch.Tensor(LastError.Unless(Native.ts_parameter(data.Given(), requires_grad)))
{
}
