using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DasSearch;

/// <summary>Where libtorch is: laid out once for all projects, by build/natives; compiled into every project that uses tensors.</summary>
/// <remarks>
/// Libraries that are loaded already are what TorchSharp finds when it asks for them by name. They are loaded when its assembly is, and
/// so never for commands that use no tensors. Where libstdc++ is older than GCC 13's, the mended copy of TorchSharp's library goes first,
/// with the marker function that it then needs.
/// </remarks>
internal static partial class TorchLibraries
{
    private const string Folder = "DasSearch.TorchLibraries";
    private const string MendedFolder = "DasSearch.MendedTorchLibraries";
    private const string Done = "DasSearch.TorchLibraries.Loaded";
    private const int NowAndGlobal = 0x102; // RTLD_NOW | RTLD_GLOBAL

#pragma warning disable CA2255 // Not for applications only: whatever touches tensors first, a test or a command, needs it before.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void LoadWithTorchSharp()
    {
        AppDomain.CurrentDomain.AssemblyLoad += static (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name == "TorchSharp")
            {
                Load();
            }
        };
        if (AppDomain.CurrentDomain.GetAssemblies().Any(static assembly => assembly.GetName().Name == "TorchSharp"))
        {
            Load();
        }
    }

    /// <summary>Whether the mended copy is used.</summary>
    internal static bool IsMended => OperatingSystem.IsLinux() && File.Exists(Marker);

    private static string Mended => AppContext.GetData(MendedFolder) as string ?? "";

    private static string Marker => Path.Combine(Mended, "libios_base_library_init.so");

    private static void Load()
    {
        var folder = AppContext.GetData(Folder) as string ?? Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        if (AppContext.GetData(Done) is not null || !Directory.Exists(folder))
        {
            return;
        }

        AppContext.SetData(Done, folder);
        if (IsMended)
        {
            _ = Open(Marker, NowAndGlobal);
        }

        foreach (var name in new[] { "torch_cpu", "torch_cuda", "torch", "LibTorchSharp" })
        {
            var file = OperatingSystem.IsWindows() ? name + ".dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
            var path = Path.Combine(IsMended && name == "LibTorchSharp" ? Mended : folder, file);
            if (File.Exists(path))
            {
                NativeLibrary.TryLoad(path, out _); // where it fails, TorchSharp says why
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);
}
