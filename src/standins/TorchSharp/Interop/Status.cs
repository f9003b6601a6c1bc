using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What an export without a result returns: 0, or "read the last error of this thread".</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Status
{
    private readonly int _code;

    /// <exception cref="ExternalException">libtorch refused; the message is libtorch's.</exception>
    internal void Check()
    {
        if (_code != 0)
        {
            throw LastError.Take();
        }
    }
}
