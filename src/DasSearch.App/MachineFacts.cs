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
