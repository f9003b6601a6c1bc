using System.CommandLine;

namespace DasSearch.Cli.Commands;

/// <summary>The argument that names a run.</summary>
internal static class RunArgument
{
    /// <summary>A new argument; each command needs its own.</summary>
    public static Argument<string> Create() => new("RUN") { Description = "The run's number, or a name, which means the latest run of that name." };
}
