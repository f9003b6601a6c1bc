using System.Diagnostics;
using System.Runtime.InteropServices;
using DasSearch.Natives;

// Natives LIBRARIES MENDED: sees whether TorchSharp's native library loads from the folder LIBRARIES. Where the system's libstdc++ is
// older than GCC 13's, makes a copy in the folder MENDED that does. Exit codes: 0 it loads, 1 it cannot, 3 a C compiler is missing.
const string Library = "libLibTorchSharp.so";
const string Marker = "libios_base_library_init.so";
const string Version = "GLIBCXX_3.4.32";
const string Source = "void _ZSt21ios_base_library_initv(void) {}";

if (args is not [var libraries, var mended])
{
    Console.Error.WriteLine("natives: expected two folders: that of the libraries, and the one for a mended copy");
    return 2;
}

var original = Path.Combine(libraries, Library);
if (!OperatingSystem.IsLinux() || !File.Exists(original))
{
    return 0;
}

string[] needed = ["libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"];
foreach (var path in needed.Select(name => Path.Combine(libraries, name)).Where(File.Exists))
{
    NativeLibrary.Load(path);
}

try
{
    NativeLibrary.Load(original);
    if (Directory.Exists(mended))
    {
        Directory.Delete(mended, recursive: true);
    }

    return 0;
}
catch (DllNotFoundException refusal) when (refusal.Message.Contains(Version, StringComparison.Ordinal))
{
    // Mended below.
}
catch (DllNotFoundException refusal)
{
    Console.Error.WriteLine($"natives: {original} cannot be loaded: {refusal.Message}");
    return 1;
}

try
{
    Directory.CreateDirectory(mended);
    var marker = Path.Combine(mended, Marker);
    if (!Compile(marker))
    {
        return 3;
    }

    // Beside, then renamed: another process may be running on the old one.
    var copy = Path.Combine(mended, Library);
    File.WriteAllBytes(copy + ".new", new ElfFile(File.ReadAllBytes(original)).WithWeak(Version) ?? throw new InvalidDataException($"it does not need {Version}"));
    File.Move(copy + ".new", copy, overwrite: true);
    if (GlobalLibrary.Open(marker) == 0)
    {
        throw new InvalidDataException($"{marker} cannot be loaded");
    }

    NativeLibrary.Load(copy);
    return 0;
}
catch (Exception failure) when (failure is InvalidDataException or DllNotFoundException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"natives: {original} needs {Version} of libstdc++, which is older here, and could not be mended: {failure.Message}");
    return 1;
}

static bool Compile(string output)
{
    try
    {
        var start = new ProcessStartInfo("cc", ["-shared", "-fPIC", "-O1", "-x", "c", "-o", output, "-"]) { RedirectStandardInput = true };
        using var compiler = Process.Start(start)!;
        compiler.StandardInput.WriteLine(Source);
        compiler.StandardInput.Close();
        compiler.WaitForExit();
        return compiler.ExitCode == 0;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return false;
    }
}
