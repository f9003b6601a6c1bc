using System.CommandLine;
using System.Globalization;
using DasSearch.Cli.Inspecting;
using DasSearch.Cli.Searching;
using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Reporter.Truth;
using DasSearch.Store;
using DasSearch.Worker.Truth;

namespace DasSearch.Cli.Commands;

/// <summary><c>das replay RUN</c>: compares controllers on the truth that <c>das truth</c> has stored.</summary>
internal static class ReplayCommand
{
    private const string Examples = """
        das replay 1                              all controllers, as many rounds as the run had, 200 seeds
        das replay 1 --controller das,thompson    two of them
        das replay 1 --batch fresh -o curves.csv  with another validation batch in each round; the curves for pandas or R
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Create();
        var skip = new Option<int?>("--skip", "-m") { Description = "How many modules are skipped; by default as many as the search did.", HelpName = "M" };
        var controllers = new Option<string>("--controller")
        {
            Description = $"Which controllers, of {string.Join(", ", ControllerTable.Names)}.",
            HelpName = "NAMES",
            DefaultValueFactory = _ => string.Join(',', ControllerTable.Names),
        };
        var seeds = new Option<int>("--seeds") { Description = "How many searches of each.", HelpName = "N", DefaultValueFactory = _ => 200 };
        var rounds = new Option<int?>("--rounds") { Description = "How many rounds; by default as many as the run had.", HelpName = "N" };
        var batch = new Option<string?>("--batch") { Description = "The validation batch of a round; by default as in the run's settings." };
        batch.AcceptOnlyFromAmong([.. EnumNames.All<BatchPolicy>()]);
        var output = new Option<string?>("--output", "-o") { Description = "Write the curves to a CSV file.", HelpName = "FILE" };
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new TaughtCommand(
            "replay", "Compare controllers on the stored truth of a run: thousands of searches in seconds, without a network.", Examples)
        {
            run, skip, controllers, seeds, rounds, batch, output, database, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                using var store = RunStore.Open(parsed.GetRequiredValue(database), TimeProvider.System);
                var details = store.Read.Find(parsed.GetRequiredValue(run));
                var config = StoredConfig.Of(details).Values;
                var table = Table(store.Read, details.Summary, parsed.GetValue(skip) ?? details.Summary.Skip, config);
                var policy = parsed.GetValue(batch) is { } name ? EnumNames.Parse<BatchPolicy>(name) : config.Validation.Batch;
                var replay = new Replay(table, config.Controller.Candidates, policy, config.Controller.LearningRate);
                var length = AtLeast(1, parsed.GetValue(rounds) ?? details.Summary.Rounds, "--rounds");
                var count = AtLeast(2, parsed.GetValue(seeds), "--seeds");
                var names = parsed.GetRequiredValue(controllers).Split(',', StringSplitOptions.TrimEntries);
                foreach (var one in names)
                {
                    // Whatever is wrong with it is said here, once, and not by each of many threads.
                    _ = replay.Run(one, rounds: 1, seed: 0);
                }

                var curves = names
                    .Select(controller => Curve(controller, table, config.Controller.Candidates, count, seed => replay.Run(controller, length, seed), cancellation))
                    .ToList();
                var view = new ReplayView(table, curves);
                if (parsed.GetValue(output) is { } path)
                {
                    view.Write(path);
                }

                if (parsed.GetValue(json))
                {
                    JsonOption.Write(context.Terminal, view.Facts);
                }
                else
                {
                    view.Print(context.Terminal.Console);
                }
            },
            CancellationToken.None));
        return command;
    }

    private static TruthTable Table(RunReader read, Store.Results.RunSummary run, int skip, RunConfig config)
    {
        var truths = read.Truths(run.Run, EnumNames.NameOf(Split.Validation)).Where(truth => truth.Subnetwork.Count == skip).ToList();
        return truths.Count > 0
            ? new TruthTable(truths, config.Validation.BatchSize ?? config.Search.BatchSize)
            : throw new DasSearchException($"the truth of run {run.Run} with {skip} modules skipped is not known: das truth {run.Run} --skip {skip} measures it");
    }

    // In the seeds' order, however many there are at a time.
    private static ReplayCurve Curve(
        string controller, TruthTable table, int candidates, int seeds, Func<long, IReadOnlyList<Subnetwork>> replay, CancellationToken cancellation) =>
        ReplayCurve.Of(
            controller,
            table,
            candidates,
            [.. Enumerable.Range(0, seeds).AsParallel().AsOrdered().WithCancellation(cancellation).Select(seed => replay(seed))]);

    private static int AtLeast(int least, int value, string name) => value >= least
        ? value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} must be at least {least}, not {value}"));
}
