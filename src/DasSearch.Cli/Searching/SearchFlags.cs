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

    private readonly OutputOption _output = new("Where the plan goes; by default NAME-RUN.plan.json in the working directory.");

    private readonly Option<bool> _quiet = QuietOption.Create();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_database);
        command.Options.Add(_quiet);
        command.Options.Add(_json);
        _output.AddTo(command, _json);
    }

    /// <summary>What they were set to.</summary>
    public SearchOptions Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(_database), _output.Path(parsed), _output.IsForced(parsed), parsed.GetValue(_quiet), parsed.GetValue(_json));
}

/// <summary>What the command line asks of a search beside its settings.</summary>
/// <param name="Database">The database.</param>
/// <param name="Output">The plan's file; null for one that is named after the run.</param>
/// <param name="IsForced">Whether that may replace a file that das did not write.</param>
/// <param name="Quiet">Whether nothing is shown while it goes on.</param>
/// <param name="Json">Whether the end is printed as JSON.</param>
internal sealed record SearchOptions(string Database, string? Output, bool IsForced, bool Quiet, bool Json)
{
    /// <summary>Makes sure that the plan can be written, which is found out before the search and not after it.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="run">The run's number, as far as that is known.</param>
    /// <param name="sources">The files that the search is made of.</param>
    /// <exception cref="DasSearchException">It cannot, or may not.</exception>
    internal OutputGuard Claim(string name, long run, params IEnumerable<string?> sources)
    {
        var guard = new OutputGuard(IsForced, "-o", [Database, .. sources]);
        guard.Claim(PlanOf(name, run), PlanFile.Kind);
        return guard;
    }

    /// <summary>Runs a search, shows how it goes, and writes its plan.</summary>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    internal void Watch(Terminal terminal, SearchSession session, OutputGuard guard, CancellationToken cancellation)
    {
        var display = Display(terminal, session);
        SearchResult result;
        try
        {
            result = display.Around(() => session.Search(display, display.Began, cancellation));
        }
        catch (OperationCanceledException)
        {
            object[] output = Output is null ? [] : ["-o", Output];
            terminal.Error.WriteLine($"das: saved; to go on: {ShellLine.Das(Database, ["resume", session.Run, .. output])}");
            throw;
        }

        Write(terminal, result, guard);
    }

    private string PlanOf(string name, long run) => Output ?? string.Create(CultureInfo.InvariantCulture, $"{name}-{run}.plan.json");

    private void Write(Terminal terminal, SearchResult result, OutputGuard guard)
    {
        var output = PlanOf(result.Run.Name, result.Run.Run);
        if (OutputOption.IsStandardOutput(output))
        {
            terminal.Output.Write(PlanFile.Format(result.Plan));
            SearchSummary.Print(terminal.Aside, result);
            return;
        }

        try
        {
            guard.Check(output, PlanFile.Kind);
            PlanFile.Write(result.Plan, output);
        }
        catch (DasSearchException failure)
        {
            // The plan is in the store whatever becomes of its file.
            if (Json)
            {
                JsonOption.Write(terminal, SearchSummary.Facts(result, output: null));
            }
            else
            {
                SearchSummary.Print(terminal, result);
            }

            throw new DasSearchException(
                $"{failure.Message}; the run is kept: {ShellLine.Das(Database, "plan", result.Run.Run, "-o", "FILE")} writes its plan", failure);
        }

        if (Json)
        {
            JsonOption.Write(terminal, SearchSummary.Facts(result, output));
        }
        else
        {
            SearchSummary.Print(terminal, result);
            terminal.Output.WriteLine($"plan: {output}; next: {ShellLine.Das(Database, "train", ShellLine.File(output))}");
        }
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
    /// <summary>What a program reads.</summary>
    /// <param name="result">What came of the search.</param>
    /// <param name="output">The plan's file; null where it could not be written.</param>
    internal static object Facts(SearchResult result, string? output)
    {
        var (run, plan, stop) = (result.Run, result.Plan, result.Stop);
        return new
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
            result.TellsModules,
            Stop = stop is null ? null : new
            {
                stop.Tolerance, Bound = stop.Error, stop.IsSure, stop.Certainty.Error, stop.Certainty.Chances, Doubtful = stop.Certainty.Uncertain, Rivals = stop.Certainty.Challengers,
            },
        };
    }

    /// <summary>What a person reads.</summary>
    internal static void Print(Terminal terminal, SearchResult result)
    {
        var (run, plan, stop) = (result.Run, result.Plan, result.Stop);
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

        // A rule that knows pairs of modules may be sure of a whole choice where none of its modules stands out.
        if (!result.TellsModules && stop is not { IsSure: true })
        {
            terminal.WriteLine(
                "the rewards tell no module from the others by a thousandth, so that this choice is as good as any: more rounds might; and where validation accuracy is that of "
                + "guessing, the supernet has learnt nothing, which a lower search.learning_rate or more of search.epochs may change");
        }
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
