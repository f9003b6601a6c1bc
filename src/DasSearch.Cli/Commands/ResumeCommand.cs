using System.CommandLine;
using DasSearch.App;
using DasSearch.Cli.Searching;
using DasSearch.Store;

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
            var options = flags.Read(parsed);
            return Task.Run(
                () =>
                {
                    using var store = RunStore.Open(options.Database, TimeProvider.System);
                    using var session = SearchSession.Resume(store, parsed.GetRequiredValue(run), context.Environment);
                    options.Watch(context.Terminal, session, cancellation);
                },
                CancellationToken.None);
        });
        return command;
    }
}
