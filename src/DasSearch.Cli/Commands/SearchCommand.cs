using System.CommandLine;
using DasSearch.App;
using DasSearch.Cli.Searching;
using DasSearch.Store;

namespace DasSearch.Cli.Commands;

/// <summary><c>das search CONFIG</c>: searches which modules to skip, and writes the plan.</summary>
internal static class SearchCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var config = new Argument<string>("CONFIG")
        {
            Description = "The YAML file with the search's settings, such as experiments/fashionvl/vqa-das4.yaml.",
        };
        var set = SetOption.Create("search.epochs=2");
        var flags = new SearchFlags();
        var command = new Command("search", "Search which modules a task can do without, and write a skip plan; Ctrl-C saves.") { config, set };
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var settings = context.Environment.Load(parsed.GetRequiredValue(config), parsed.GetRequiredValue(set));
            var options = flags.Read(parsed);

            // On a thread of its own: Ctrl-C is listened for only once this function has returned.
            return Task.Run(
                () =>
                {
                    var checkpoint = settings.Values.Checkpoint is { } file ? settings.FullPath(file) : null;
                    var guard = options.Claim(settings.Values.Name, NextRun(options.Database, DatabaseOption.Waiting(parsed)), parsed.GetRequiredValue(config), checkpoint);
                    using var parts = SearchParts.Build(settings, context.Environment);
                    using var store = RunStore.Create(options.Database, TimeProvider.System, waiting: DatabaseOption.Waiting(parsed));
                    using var session = SearchSession.Begin(store, parts, Tell(context));
                    options.Watch(context.Terminal, session, guard, cancellation);
                },
                CancellationToken.None);
        });
        return command;
    }

    /// <summary>Says what a person must know, whether or not progress is shown.</summary>
    internal static Action<string> Tell(CommandContext context) => line => context.Terminal.Error.WriteLine($"das: {line}");

    // Unless another search begins at the same time: what its plan's file is called by default.
    private static long NextRun(string database, Action<string> waiting)
    {
        if (!RunStore.Exists(database))
        {
            return 1;
        }

        using var store = RunStore.Open(database, TimeProvider.System, waiting: waiting);
        return store.Read.Runs().Select(static run => run.Run).LastOrDefault() + 1;
    }
}

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
                    using var store = RunStore.Open(options.Database, TimeProvider.System, waiting: DatabaseOption.Waiting(parsed));
                    var details = store.Read.Find(parsed.GetRequiredValue(run));
                    var guard = options.Claim(details.Summary.Name, details.Summary.Run, details.ConfigPath);
                    using var session = SearchSession.Resume(
                        store, parsed.GetRequiredValue(run), context.Environment, SearchCommand.Tell(context));
                    options.Watch(context.Terminal, session, guard, cancellation);
                },
                CancellationToken.None);
        });
        return command;
    }
}
