using System.Globalization;
using DasSearch.Core;
using DasSearch.Models.Backbones.Encoders;

namespace DasSearch.App;

/// <summary>Where what frozen encoders gave is kept.</summary>
internal static class FeatureCaches
{
    private const string Folder = "DAS_CACHE";
    private const string Limit = "DAS_CACHE_MIB";
    private const string Memory = "none";
    private const long UsualLimit = 4096;

    /// <summary>Opens the cache that environment variables name.</summary>
    /// <exception cref="UsageException">The limit is no number.</exception>
    internal static FeatureCache Open(Func<string, string?> variable)
    {
        var limit = variable(Limit) is not { Length: > 0 } text ? UsualLimit
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked <= 1 << 30 ? asked
            : throw new UsageException($"{Limit} is '{text}', but it must be a number of MiB, such as {UsualLimit}");
        var folder = variable(Folder) switch
        {
            Memory => null,
            { Length: > 0 } named => named,
            _ => variable("XDG_CACHE_HOME") is { Length: > 0 } cache ? Path.Combine(cache, "das-search")
                : variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache", "das-search") : null,
        };
        return new FeatureCache(folder, limit << 20);
    }
}
