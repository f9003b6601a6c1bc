using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>What libtorch sees of NVIDIA's devices; all of it false or 0 in a build for the CPU.</summary>
    public static class cuda
    {
        public static bool is_available() => Native.ts_cuda_is_available();

        public static bool is_cudnn_available() => Native.ts_cudnn_is_available();

        public static int device_count() => Native.ts_cuda_device_count();
    }
}
