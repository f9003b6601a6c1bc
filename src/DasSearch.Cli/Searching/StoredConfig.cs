using DasSearch.Cli.Config;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Store.Results;

namespace DasSearch.Cli.Searching;

/// <summary>A run's settings as they were stored with it.</summary>
internal static class StoredConfig
{
    /// <summary>Reads them back.</summary>
    /// <exception cref="DasSearchException">They mean something else to this version of das.</exception>
    internal static ResolvedConfig<RunConfig> Of(RunDetails run)
    {
        var resolved = ConfigFile.Parse(RunSchema.Instance, run.ConfigText, $"the settings of run {run.Summary.Run}", run.ConfigPath, []);
        return resolved.Sha256 == run.ConfigSha256
            ? resolved
            : throw new DasSearchException(
                $"run {run.Summary.Run} was made by das {run.Environment.ToolVersion}, whose settings this version reads differently");
    }
}
