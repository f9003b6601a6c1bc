using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DasSearch.Cli.Doctor;

/// <summary>A linear-algebra library that is loaded into this process.</summary>
/// <param name="Name">What it is: <c>openblas</c>, <c>mkl</c>, <c>blis</c>, <c>atlas</c> or <c>reference</c>, which is slow.</param>
/// <param name="Path">The file.</param>
/// <param name="Config">Version and build options, where the library tells (OpenBLAS does).</param>
/// <param name="Core">The kernels it chose for this processor, where the library tells (OpenBLAS does).</param>
internal sealed partial record BlasFacts(string Name, string Path, string? Config, string? Core)
{
    /// <summary>The name of the implementation that everything is faster than.</summary>
    internal const string Reference = "reference";

    private const string Maps = "/proc/self/maps";

    private static readonly string[] Optimised = ["openblas", "mkl", "blis", "atlas"];

    /// <summary>The libraries mapped now; none on systems that do not list them.</summary>
    public static IReadOnlyList<BlasFacts> InThisProcess() =>
        File.Exists(Maps) ? [.. Among(File.ReadLines(Maps)).Select(Inspect)] : [];

    /// <summary>The linear-algebra libraries among the lines of a process's memory map, each once, in order of path.</summary>
    internal static IReadOnlyList<string> Among(IEnumerable<string> mapLines) =>
    [
        .. mapLines
            .Select(line => line.IndexOf('/') is >= 0 and var start ? line[start..] : "")
            .Where(path => BlasFile().IsMatch(path))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Which implementation a path belongs to: Debian's alternatives share a file name and differ by folder.</summary>
    internal static string NameOf(string path) =>
        Optimised.FirstOrDefault(path.Contains) ?? Reference;

    private static BlasFacts Inspect(string path)
    {
        var name = NameOf(path);
        return name == "openblas"
            ? new BlasFacts(name, path, Ask(path, "openblas_get_config"), Ask(path, "openblas_get_corename"))
            : new BlasFacts(name, path, null, null);
    }

    /// <summary>Calls a function <c>const char *f(void)</c> of a library that is loaded already.</summary>
    private static unsafe string? Ask(string path, string function)
    {
        if (!NativeLibrary.TryLoad(path, out var library) || !NativeLibrary.TryGetExport(library, function, out var address))
        {
            return null;
        }

        return Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)address)())?.Trim();
    }

    [GeneratedRegex(@"/lib(open)?(blas|blis|mkl_rt|mkl_core|f77blas|satlas|tatlas)[^/]*\.so[^/]*$")]
    private static partial Regex BlasFile();
}
