using System.CommandLine;
using System.Globalization;
using DasSearch.App;
using DasSearch.Cli.Commands;
using DasSearch.Controller;
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

/// <summary>What a finished search prints.</summary>
internal static class SearchSummary
{
    internal static void Print(Terminal terminal, SearchResult result, string output, bool json)
    {
        var (run, plan, stop) = (result.Run, result.Plan, result.Stop);
        if (json)
        {
            JsonOption.Write(terminal, new
            {
                run.Run,
                run.Name,
                Plan = output,
                Skip = plan.Subnetwork.Skipped,
                run.Rounds,
                run.Evaluations,
                run.Seconds,
                MultiplyAccumulatesChangePercent = plan.Accounting?.ChangePercent,
                plan.Accounting?.TrainableParameters,
                Stop = stop is null ? null : new
                {
                    stop.Tolerance, Bound = stop.Error, stop.IsSure, stop.Certainty.Error, stop.Certainty.Chances, Doubtful = stop.Certainty.Uncertain, Rivals = stop.Certainty.Challengers,
                },
            });
            return;
        }

        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"run {run.Run}: {run.Rounds} rounds, {run.Evaluations} evaluations, {run.Took}"));
        foreach (var module in plan.Skip)
        {
            var gate = Numbers.WithSign(module.Evidence?.Gate);
            var difference = Numbers.WithSign(module.Evidence?.Difference);
            terminal.WriteLine($"  skip {module.Index,2}  {module.Module}  gate {gate}  reward {difference} when skipped", indent: 11);
        }

        if (plan.Accounting is { } accounting)
        {
            var trained = string.Create(
                CultureInfo.InvariantCulture,
                $"{Numbers.Count(accounting.TrainableParameters)} trainable parameters ({Numbers.Share(accounting.TrainablePercent / 100)})");
            terminal.WriteLine($"multiply-accumulates {Numbers.Change(accounting.ChangePercent)}, {trained}");
        }

        if (stop is not null)
        {
            Print(terminal, stop);
        }

        terminal.Output.WriteLine($"plan: {output}; next: das train {output}");
    }

    private static void Print(Terminal terminal, StopRule stop)
    {
        var certainty = stop.Certainty;
        var ended = stop.IsSure ? "ended sure enough" : string.Create(CultureInfo.InvariantCulture, $"not sure to {Numbers.Share(stop.Error)}");
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ended} after {certainty.Rounds} rounds: with a chance of {Numbers.Share(certainty.Error)} another choice has over {Numbers.Share(stop.Tolerance)} more reward"));
        terminal.WriteLine(certainty is { Uncertain.Count: > 0, Challengers.Count: > 0 }
            ? $"further rounds could choose {Modules(certainty.Challengers)} instead of {Modules(certainty.Uncertain)}, by their chance to be among the best"
            : "further rounds would hardly change the choice");

        string Modules(IReadOnlyList<int> modules) => string.Join(
            ", ", modules.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} ({Numbers.Chance(certainty.Chances[i])})")));
    }
}
