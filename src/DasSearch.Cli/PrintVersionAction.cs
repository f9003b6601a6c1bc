using System.CommandLine;
using System.CommandLine.Invocation;
using DasSearch.App;

namespace DasSearch.Cli;

/// <summary>Prints the version alone, for scripts.</summary>
internal sealed class PrintVersionAction(TextWriter output) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        output.WriteLine(BuildFacts.Read().Version);
        return (int)ExitCode.Done;
    }
}
