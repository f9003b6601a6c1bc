namespace DasSearch.Cli.Rewards;

/// <summary>The formats of rewards by name: a new one is one file and one line here.</summary>
internal static class RewardFormatTable
{
    private static readonly (string Name, Func<IRewardFormat> Create)[] _all =
    [
        ("table", () => new TableFormat()),
        ("csv", () => new CsvFormat()),
        ("json", () => new JsonFormat()),
    ];

    /// <summary>Their names; a file's name may end in one.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. _all.Select(format => format.Name)];

    /// <summary>The format of a name, which is one of <see cref="Names"/>.</summary>
    internal static IRewardFormat Named(string name) => _all.Single(format => format.Name == name).Create();

    /// <summary>The name of the format that a file's name ends in; null for none.</summary>
    internal static string? OfFile(string path) =>
        Names.FirstOrDefault(name => Path.GetExtension(path).Equals("." + name, StringComparison.OrdinalIgnoreCase));
}
