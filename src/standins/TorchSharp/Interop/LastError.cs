using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The message that the native half keeps for this thread, as the exception that TorchSharp throws.</summary>
internal static class LastError
{
    internal static string? Message
    {
        get
        {
            var text = Marshal.PtrToStringUTF8(Native.ts_last_error());
            return string.IsNullOrEmpty(text) ? null : text;
        }
    }

    internal static ExternalException Take()
    {
        var message = Message ?? "libtorch failed without a message";
        Native.ts_clear_error();
        return new ExternalException(message);
    }

    /// <summary>The handle, unless it is the null that stands for a failure.</summary>
    internal static nint Unless(nint handle) => handle != 0 ? handle : throw Take();
}
