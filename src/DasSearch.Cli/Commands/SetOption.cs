using System.CommandLine;

namespace DasSearch.Cli.Commands;

/// <summary><c>--set KEY=VALUE</c>, the same for every command that reads settings.</summary>
internal static class SetOption
{
    /// <summary>A new option; each command needs its own.</summary>
    /// <param name="example">A setting that help shows.</param>
    public static Option<string[]> Create(string example) => new("--set")
    {
        Description = $"Override a setting, such as --set {example}; may be given several times.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };
}
