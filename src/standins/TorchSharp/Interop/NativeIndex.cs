using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>One entry of <c>x[…]</c> as the native half takes it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeIndex(NativeIndex.Form form, int given, long start, long stop, long step, nint tensor)
{
    internal enum Form
    {
        None,
        Ellipsis,
        Single,
        Bool,
        Slice,
        Tensor,
    }

    private readonly int _form = (int)form;
    private readonly int _given = given;
    private readonly long _start = start;
    private readonly long _stop = stop;
    private readonly long _step = step;
    private readonly nint _tensor = tensor;
}
