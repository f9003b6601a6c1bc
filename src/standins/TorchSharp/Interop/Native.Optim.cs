using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

// Whole optimizer steps (native/optim.cpp).
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial Status ts_zero_grad(ReadOnlySpan<nint> parameters, long count);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial Flag ts_has_grad(nint self);

    [LibraryImport(Library)]
    internal static partial Status ts_adam_step(
        ReadOnlySpan<nint> parameters,
        ReadOnlySpan<nint> averages,
        ReadOnlySpan<nint> squares,
        ReadOnlySpan<nint> maxima,
        ReadOnlySpan<long> steps,
        long count,
        in AdamSettings settings);

    [LibraryImport(Library)]
    internal static partial Status ts_sgd_step(
        ReadOnlySpan<nint> parameters, Span<nint> buffers, long count, in SgdSettings settings);

    [LibraryImport(Library)]
    internal static partial Status ts_clip_grad_norm(
        ReadOnlySpan<nint> parameters, long count, double maxNorm, double normType, out double total);

    [LibraryImport(Library)]
    internal static partial Status ts_clip_grad_value(ReadOnlySpan<nint> parameters, long count, double limit);
}
