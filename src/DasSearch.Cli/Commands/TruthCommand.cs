using System.CommandLine;
using DasSearch.Cli.Searching;
using DasSearch.Core;
using DasSearch.Data;

namespace DasSearch.Cli.Commands;

/// <summary><c>das truth RUN</c>: what every subnetwork of a run's supernet is really worth.</summary>
internal static class TruthCommand
{
    private const string Examples = """
        das truth 1              all subnetworks that skip as many modules as the search did, on the validation split
        das truth 1 --skip 2     those that skip two
        das truth 1 --json       the whole ranking, for a script
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Create();
        var skip = new Option<int?>("--skip", "-m") { Description = "How many modules are skipped; by default as many as the search did.", HelpName = "M" };
        var split = new Option<string>("--split")
        {
            Description = "Which samples.", DefaultValueFactory = _ => EnumNames.NameOf(Split.Validation),
        };
        split.AcceptOnlyFromAmong(EnumNames.NameOf(Split.Validation), EnumNames.NameOf(Split.Test));
        var batch = new Option<int>("--batch-size")
        {
            Description = "Samples of a batch; what is found depends on it by rounding only.", HelpName = "N", DefaultValueFactory = _ => 256,
        };
        var quiet = QuietOption.Create();
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new TaughtCommand(
            "truth", "Score all subnetworks of a run's supernet on a whole split, and say where its choice stands among them. What was interrupted goes on.", Examples)
        {
            run, skip, split, batch, quiet, database, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var size = parsed.GetValue(batch);
                var options = new TruthOptions(
                    parsed.GetRequiredValue(run),
                    parsed.GetRequiredValue(database),
                    parsed.GetValue(skip),
                    EnumNames.Parse<Split>(parsed.GetRequiredValue(split)),
                    size > 0 ? size : throw new UsageException($"--batch-size must be at least 1, not {size}"),
                    parsed.GetValue(quiet));
                var ranking = new TruthSession(context, options).Run(cancellation);
                if (parsed.GetValue(json))
                {
                    JsonOption.Write(context.Terminal, ranking.Facts);
                }
                else
                {
                    ranking.Print(context.Terminal.Console);
                }
            },
            CancellationToken.None));
        return command;
    }
}
