using System.Globalization;

namespace DasSearch.Core.Configuration;

/// <summary>What holds for every subnetwork of a search.</summary>
public sealed record ConstraintsConfig
{
    /// <summary>Indices of modules that are never skipped, with commas between them; null, the default, for none.</summary>
    public string? Never { get; init => field = Listed(value) is null ? null : value; }

    /// <summary>How many modules of each stream are kept at least; at least 1. Null, the default, asks for none.</summary>
    public int? KeptPerStream { get; init => field = Check.AtLeastOrNull(value, 1, "constraints.kept_per_stream"); }

    /// <summary>How many modules of a stream, one after the other, are skipped at most; at least 1. Null, the default, for any number.</summary>
    public int? MostInARow { get; init => field = Check.AtLeastOrNull(value, 1, "constraints.most_in_a_row"); }

    /// <summary>Indices of modules that are never skipped.</summary>
    public IReadOnlyList<int> NeverSkipped => Listed(Never) ?? [];

    private static IReadOnlyList<int>? Listed(string? text) => text is null
        ? null
        : [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new ConfigException("constraints.never", $"must be indices of modules such as 0,11, not '{text}'"))];
}
