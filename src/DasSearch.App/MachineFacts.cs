using System.Reflection;
using System.Runtime.InteropServices;

namespace DasSearch.App;

/// <summary>Runtime, operating system and hardware.</summary>
/// <param name="Dotnet">The runtime, such as <c>.NET 10.0.1</c>.</param>
/// <param name="Os">The operating system's own description.</param>
/// <param name="Architecture">The process's, such as <c>x64</c>.</param>
/// <param name="Cpu">The processor's name, or null where the system does not tell.</param>
/// <param name="Cores">Logical processors that this process may use.</param>
/// <param name="MemoryBytes">Memory that this process may use, container limits included.</param>
public sealed record MachineFacts(string Dotnet, string Os, string Architecture, string? Cpu, int Cores, long MemoryBytes)
{
    /// <summary>Asks the runtime and the system.</summary>
    public static MachineFacts Gather() => new(
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        CpuName("/proc/cpuinfo"),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>The first processor's name, as Linux lists it; other systems have no such file, and Arm no such line.</summary>
    public static string? CpuName(string path) => !File.Exists(path)
        ? null
        : File.ReadLines(path)
            .Where(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':') + 1)..].Trim())
            .FirstOrDefault();
}

/// <summary>What the build wrote into this assembly.</summary>
/// <param name="Version">The version, such as <c>0.1.0</c>.</param>
/// <param name="Commit">The commit that was checked out, or null when there was none.</param>
/// <param name="TorchPackage">The package that tensors come from.</param>
public sealed record BuildFacts(string Version, string? Commit, string TorchPackage)
{
    /// <summary>The version of das, with its commit where known.</summary>
    public string ToolVersion => Commit is null ? Version : $"{Version}+{Commit}";

    /// <summary>Reads them back.</summary>
    public static BuildFacts Read()
    {
        var assembly = typeof(BuildFacts).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);
        var metadata = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(pair => pair.Key, pair => pair.Value);
        return new BuildFacts(
            version[0],
            version.Length > 1 ? version[1] : null,
            metadata["TorchPackage"]!);
    }
}
