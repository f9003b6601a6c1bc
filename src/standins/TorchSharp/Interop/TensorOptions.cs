using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Element type and device of a tensor to be made; what is left out is libtorch's default.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TensorOptions(torch.ScalarType? dtype, torch.Device? device)
{
    private readonly int _dtype = dtype.HasValue ? (int)dtype.Value : -1;
    private readonly int _deviceType = device is null ? -1 : (int)device.type;
    private readonly int _deviceIndex = device is null ? -1 : device.index;
}
