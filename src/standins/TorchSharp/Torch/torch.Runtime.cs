using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>The library's root: every function and type hangs below it, as in PyTorch.</summary>
public static partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(Native.ts_version()) ?? "unknown";

    public static int get_num_threads() => Native.ts_get_num_threads();

    /// <exception cref="ExternalException">The number is not positive.</exception>
    public static void set_num_threads(int num) => Native.ts_set_num_threads(num).Check();

    public static int get_num_interop_threads() => Native.ts_get_num_interop_threads();

    /// <exception cref="ExternalException">The number is not positive, or parallel work has started already.</exception>
    public static void set_num_interop_threads(int num) => Native.ts_set_num_interop_threads(num).Check();

    /// <exception cref="ExternalException">An earlier call left an error behind.</exception>
    public static void CheckForErrors()
    {
        if (LastError.Message is not null)
        {
            throw LastError.Take();
        }
    }

    /// <summary>Opens a scope that owns the tensors made on this thread until it is disposed.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Enter();

    /// <summary>Evaluates the expression in a scope of its own, out of which only the result comes.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        ArgumentNullException.ThrowIfNull(expr);
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
