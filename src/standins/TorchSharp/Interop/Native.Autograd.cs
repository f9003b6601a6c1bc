using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

// The graph and its gradients (native/autograd.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial Flag ts_requires_grad(nint self);

    [LibraryImport(Library)]
    internal static partial Status ts_set_requires_grad(Tensor self, Flag value);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial Flag ts_is_leaf(nint self);

    [LibraryImport(Library)]
    internal static partial Status ts_retain_grad(Tensor self);

    [LibraryImport(Library)]
    internal static partial Tensor ts_detach(Tensor self);

    [LibraryImport(Library)]
    internal static partial Status ts_detach_(Tensor self);

    [LibraryImport(Library)]
    internal static partial nint ts_parameter(Tensor data, Flag requiresGrad);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial Flag ts_grad_enabled();

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void ts_set_grad_enabled(Flag enabled);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial Flag ts_inference_enabled();

    [LibraryImport(Library)]
    internal static partial Status ts_inference_enter(Flag enabled, out nint guard);

    [LibraryImport(Library)]
    internal static partial void ts_inference_leave(nint guard);

    [LibraryImport(Library)]
    internal static partial Status ts_backward(
        ReadOnlySpan<nint> outputs,
        long outputCount,
        ReadOnlySpan<nint> gradients,
        long gradientCount,
        int retainGraph,
        Flag createGraph,
        ReadOnlySpan<nint> inputs,
        long inputCount);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(TensorArrayMarshaller))]
    internal static partial Tensor[] ts_grad(
        ReadOnlySpan<nint> outputs,
        long outputCount,
        ReadOnlySpan<nint> inputs,
        long inputCount,
        ReadOnlySpan<nint> gradients,
        long gradientCount,
        Flag retainGraph,
        Flag createGraph,
        Flag allowUnused);
}
