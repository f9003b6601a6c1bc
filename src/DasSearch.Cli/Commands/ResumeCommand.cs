using System.CommandLine;
using DasSearch.Cli.Searching;

namespace DasSearch.Cli.Commands;

/// <summary><c>das resume RUN</c>: goes on with a search that was interrupted, as if it had not been.</summary>
internal static class ResumeCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Create();
        var flags = new SearchFlags();
        var command = new Command("resume", "Go on with an interrupted search; it ends as if it had not been interrupted.") { run };
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = new SearchSession(context, flags.Read(parsed));
            return Task.Run(() => session.Resume(parsed.GetRequiredValue(run), cancellation), CancellationToken.None);
        });
        return command;
    }
}
