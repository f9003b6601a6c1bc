using DasSearch.Cli.Commands;
using DasSearch.Core;

namespace DasSearch.Cli.Searching;

/// <summary>What the command line asks of a search beside its settings.</summary>
/// <param name="Database">The database.</param>
/// <param name="Output">The plan's file; null for one that is named after the run.</param>
/// <param name="Quiet">Whether nothing is shown while it goes on.</param>
/// <param name="Json">Whether the end is printed as JSON.</param>
internal sealed record SearchOptions(string Database, string? Output, bool Quiet, bool Json)
{
    /// <summary>How another command names the same database; empty for the default.</summary>
    internal string DatabaseArgument => Database == DatabaseOption.Default ? "" : $" --db {Database}";

    /// <summary>Finds out before the search, and not after it, that its plan could not be written.</summary>
    /// <exception cref="UsageException">The folder is not there.</exception>
    internal void CheckOutput()
    {
        if (Output is { } output && Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder && !Directory.Exists(folder))
        {
            throw new UsageException($"--output {output} lies in {folder}, which is no folder");
        }
    }

    /// <summary>The display that fits: nothing, plain lines, or for a person at a terminal a live one.</summary>
    internal SearchDisplay Display(Terminal terminal, string title, int skip, IReadOnlyList<string> modules)
    {
        var status = new SearchStatus();
        if (Quiet)
        {
            return new SearchDisplay(status);
        }

        if (terminal.IsWatched && !Json)
        {
            return new LiveSearchDisplay(status, terminal.Console, title, skip, modules);
        }

        terminal.Error.WriteLine(title);
        return new PlainSearchDisplay(status, terminal.Error, skip);
    }
}
