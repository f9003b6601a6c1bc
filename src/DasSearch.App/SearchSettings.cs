using DasSearch.Core.Configuration;
using DasSearch.Formats;

namespace DasSearch.App;

/// <summary>The settings of a search before it is begun, for forms.</summary>
public static class SearchSettings
{
    /// <summary>Reads them, with the messages of <c>das search</c>.</summary>
    /// <param name="path">Their file.</param>
    /// <param name="overrides">What differs from it, each as <c>KEY=VALUE</c>.</param>
    /// <exception cref="ConfigException">They cannot be read, or are wrong.</exception>
    public static IReadOnlyList<SettingValue> Read(string path, IReadOnlyList<string> overrides) =>
        ConfigFile.Values(ConfigFile.Load<RunConfig>(path, overrides).Values);
}
