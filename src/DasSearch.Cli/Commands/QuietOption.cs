using System.CommandLine;

namespace DasSearch.Cli.Commands;

/// <summary><c>--quiet</c>, the same for each command that shows progress.</summary>
internal static class QuietOption
{
    /// <summary>Builds the option.</summary>
    internal static Option<bool> Create() => new("--quiet", "-q") { Description = "Show no progress." };
}
