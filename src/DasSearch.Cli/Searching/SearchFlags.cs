using System.CommandLine;
using DasSearch.App;
using DasSearch.Cli.Commands;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Cli.Searching;

/// <summary>The options that search and resume share.</summary>
internal sealed class SearchFlags
{
    private readonly Option<string> _database = DatabaseOption.Create();
    private readonly Option<bool> _json = JsonOption.Create();

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Where the plan goes; by default NAME-RUN.plan.json in the working directory.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _quiet = QuietOption.Create();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_database);
        command.Options.Add(_output);
        command.Options.Add(_quiet);
        command.Options.Add(_json);
    }

    /// <summary>What they were set to.</summary>
    /// <exception cref="UsageException">The plan could not be written, which is found out before the search and not after it.</exception>
    public SearchOptions Read(ParseResult parsed)
    {
        var output = parsed.GetValue(_output);
        return output is not null && Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder && !Directory.Exists(folder)
            ? throw new UsageException($"--output {output} lies in {folder}, which is no folder")
            : new SearchOptions(parsed.GetRequiredValue(_database), output, parsed.GetValue(_quiet), parsed.GetValue(_json));
    }
}

/// <summary>What the command line asks of a search beside its settings.</summary>
/// <param name="Database">The database.</param>
/// <param name="Output">The plan's file; null for one that is named after the run.</param>
/// <param name="Quiet">Whether nothing is shown while it goes on.</param>
/// <param name="Json">Whether the end is printed as JSON.</param>
internal sealed record SearchOptions(string Database, string? Output, bool Quiet, bool Json)
{
    /// <summary>Runs a search, shows how it goes, and writes its plan.</summary>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    internal void Watch(Terminal terminal, SearchSession session, CancellationToken cancellation)
    {
        var display = Display(terminal, session);
        SearchResult result;
        try
        {
            result = display.Around(() => session.Search(display, display.Began, cancellation));
        }
        catch (OperationCanceledException)
        {
            var database = Database == DatabaseOption.Default ? "" : $" --db {Database}";
            terminal.Error.WriteLine($"das: saved; to go on: das resume {session.Run}{database}");
            throw;
        }

        // The plan is in the store whatever becomes of its file: das plan writes it again.
        var output = Output ?? $"{result.Run.Name}-{result.Run.Run}.plan.json";
        PlanFile.Write(result.Plan, output);
        SearchSummary.Print(terminal, result, output, Json);
    }

    // Nothing, plain lines, or for a person at a terminal a live display.
    private SearchDisplay Display(Terminal terminal, SearchSession session)
    {
        var (status, parts) = (new SearchStatus(), session.Parts);
        if (Quiet)
        {
            return new SearchDisplay(status);
        }

        var title = $"{parts.Settings.Values.Name} · run {session.Run} in {Database}";
        if (terminal.IsWatched && !Json)
        {
            return new LiveSearchDisplay(
                status, terminal.Console, title, parts.Space.MostSkipped, [.. parts.Network.Backbone.Modules.Select(module => module.Name)]);
        }

        terminal.Error.WriteLine(title);
        return new PlainSearchDisplay(status, terminal.Error, parts.Space.MostSkipped);
    }
}
