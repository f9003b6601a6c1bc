using System.CommandLine;
using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Cli.Commands;

/// <summary><c>das runs</c>: the runs of a database, one line each.</summary>
internal static class RunsCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new Command("runs", "List the runs of a database.") { database, json };
        command.SetAction(parsed =>
        {
            using var store = DatabaseOption.Open(parsed, database);
            var runs = store.Read.Runs().ToList();
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, runs.Select(run => new
                {
                    run.Run,
                    run.Name,
                    run.Task,
                    run.Backbone,
                    run.Controller,
                    run.Skip,
                    run.Seed,
                    Status = EnumNames.NameOf(run.Status),
                    run.Problem,
                    run.Rounds,
                    run.PlannedRounds,
                    run.Evaluations,
                    run.BestReward,
                    run.StartedAt,
                    run.UpdatedAt,
                    run.FinishedAt,
                    run.Seconds,
                    Tags = run.TagList,
                    run.Notes,
                }));
                return;
            }

            if (runs.Count == 0)
            {
                context.Terminal.Error.WriteLine($"das: {parsed.GetValue(database)} has no runs yet: {ShellLine.Das(parsed.GetValue(database), "search", "CONFIG")} makes one");
                return;
            }

            var table = new TextTable(
                ">run", "name", "task", "backbone", "controller", ">skip", ">seed", "status", ">rounds", ">evaluations", "started", ">took", ">planned", ">best reward", "tags");
            foreach (var run in runs)
            {
                table.Add(
                    Numbers.Whole(run.Run),
                    run.Name,
                    run.Task,
                    run.Backbone,
                    run.Controller,
                    Numbers.Whole(run.Skip),
                    run.Seed.ToString(CultureInfo.InvariantCulture),
                    StatusText.Of(run),
                    Numbers.Count(run.Rounds),
                    Numbers.Count(run.Evaluations),
                    run.StartedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                    run.Took,
                    Numbers.Count(run.PlannedRounds),
                    Numbers.Value(run.BestReward),
                    run.Tags);
            }

            context.Terminal.Write(table);
        });
        return command;
    }
}
