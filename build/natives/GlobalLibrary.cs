using System.Runtime.InteropServices;

namespace DasSearch.Natives;

/// <summary>Libraries whose symbols those that are loaded later can see.</summary>
internal static partial class GlobalLibrary
{
    private const int NowAndGlobal = 0x102; // RTLD_NOW | RTLD_GLOBAL

    /// <summary>Its handle; 0 where it cannot be loaded.</summary>
    internal static nint Open(string path) => Open(path, NowAndGlobal);

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);
}
