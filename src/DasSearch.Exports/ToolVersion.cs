using System.Reflection;

namespace DasSearch.Exports;

/// <summary>The version of das that writes.</summary>
internal static class ToolVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    internal static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
