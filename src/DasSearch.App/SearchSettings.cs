using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Formats;
using DasSearch.Store;

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

    /// <summary>What a run's search was begun with.</summary>
    /// <exception cref="UsageException">That was no file.</exception>
    /// <exception cref="DasSearchException">Its file cannot be read any more, or its settings mean something else to this version of das.</exception>
    public static BegunWith Of(RunDetails run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var path = run.ConfigPath ?? throw new UsageException($"run {run.Summary.Run} was not begun from a settings' file");
        var file = Read(path, []).ToDictionary(static setting => setting.Name, static setting => setting.Value);
        var differing = ConfigFile.Values(StoredConfig.Of(run).Values).Where(setting => setting.Value != file.GetValueOrDefault(setting.Name));
        return new BegunWith(path, [.. differing.Select(static setting => $"{setting.Name}={setting.Value}")]);
    }
}

/// <summary>What a search was begun with.</summary>
/// <param name="File">The settings' file.</param>
/// <param name="Set">What differed from what is in it now, each as <c>KEY=VALUE</c>.</param>
public sealed record BegunWith(string File, IReadOnlyList<string> Set);
