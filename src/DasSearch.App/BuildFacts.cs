using System.Reflection;

namespace DasSearch.App;

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
