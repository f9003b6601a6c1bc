using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

// Errors, threads and devices (native/runtime.cpp).
internal static unsafe partial class Native
{
    private const string Library = "TorchSharpNative";

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial nint ts_last_error();

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void ts_clear_error();

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial nint ts_version();

    [LibraryImport(Library)]
    internal static partial int ts_get_num_threads();

    [LibraryImport(Library)]
    internal static partial Status ts_set_num_threads(int count);

    [LibraryImport(Library)]
    internal static partial int ts_get_num_interop_threads();

    [LibraryImport(Library)]
    internal static partial Status ts_set_num_interop_threads(int count);

    [LibraryImport(Library)]
    internal static partial Flag ts_cuda_is_available();

    [LibraryImport(Library)]
    internal static partial Flag ts_cudnn_is_available();

    [LibraryImport(Library)]
    internal static partial int ts_cuda_device_count();

    [LibraryImport(Library)]
    internal static partial Status ts_initialize_device(int type);
}
