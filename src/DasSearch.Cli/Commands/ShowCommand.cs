using System.CommandLine;
using DasSearch.App;
using DasSearch.Cli.Inspecting;

namespace DasSearch.Cli.Commands;

/// <summary><c>das show RUN</c>: all that is known of a run.</summary>
internal static class ShowCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Create();
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new Command("show", "Show a run: settings, environment, what it found out about each module, its plans.") { run, database, json };
        command.SetAction(parsed =>
        {
            using var store = DatabaseOption.Open(parsed, database);
            var view = new RunView(RunOverview.Of(store.Read, parsed.GetRequiredValue(run)));
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, view.Facts());
            }
            else
            {
                view.Print(context.Terminal);
            }
        });
        return command;
    }
}
