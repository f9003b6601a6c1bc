using System.CommandLine;
using System.Text;
using DasSearch.Cli.Rewards;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Commands;

/// <summary><c>das rewards RUN</c>: what a run measured, by module, round, subnetwork or evaluation.</summary>
internal static class RewardsCommand
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private const string Examples = """
        das rewards 1                                              each layer: mean reward when skipped and when kept
        das rewards 1 --rounds 100.. --sort -difference            of later rounds alone, the most redundant layer first
        das rewards 1 --skipping 2                                 what else can go once layer 2 is skipped
        das rewards 1 --by subnetwork --where "n >= 5" --head 10   the ten best of those that were tried five times
        das rewards 1 --by round --columns round,mean_reward       the curve of rewards
        das rewards 1 --by evaluation -o rewards.csv               all of them, for pandas or R
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Create();
        var flags = new RewardFlags();
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var format = new Option<string?>("--format")
        {
            Description = "How to write them; by default as the output's name ends, or else a table.",
        };
        format.AcceptOnlyFromAmong([.. RewardFormatTable.Names]);
        var output = new OutputOption("Write them to a file.");
        var command = new CommandWithExamples("rewards", "Show the rewards of a run by layer, round, subnetwork or evaluation.", Examples) { run };
        flags.AddTo(command);
        command.Options.Add(format);
        command.Options.Add(json);
        output.AddTo(command);
        command.Options.Add(database);
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetResult(format) is not null)
            {
                result.AddError("--json and --format exclude each other.");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            var path = output.File(parsed);
            var name = parsed.GetValue(format)
                ?? (parsed.GetValue(json) ? "json" : path is null ? null : RewardFormatTable.OfFile(path))
                ?? "table";
            var query = flags.Read(parsed, isTable: name == "table");
            if (path is not null)
            {
                output.Guard(parsed, parsed.GetRequiredValue(database)).Claim(path, RewardFormatTable.Kind);
            }

            return Task.Run(
                () =>
                {
                    using var store = DatabaseOption.Open(parsed, database);
                    var rewards = Read(store.Read, parsed.GetRequiredValue(run), query);
                    Write(rewards, RewardFormatTable.Named(name, path is null ? context.Terminal.Width : int.MaxValue), path, context.Terminal.Output, cancellation);
                },
                CancellationToken.None);
        });
        return command;
    }

    private static RewardRows Read(IRunReader reader, string run, RewardQuery query)
    {
        var details = reader.Find(run);
        var summary = details.Summary;
        return summary.Rounds > 0
            ? reader.Rewards(summary.Run, query)
            : throw new DasSearchException($"run {summary.Run} {summary.NoRounds}");
    }

    private static void Write(RewardRows rewards, IRewardFormat format, string? path, TextWriter output, CancellationToken cancellation)
    {
        if (path is null)
        {
            using var chunked = new ChunkedWriter(output);
            format.Write(rewards, chunked, cancellation);
            chunked.Flush();
        }
        else
        {
            OutputFile.Write(path, file =>
            {
                using var text = new StreamWriter(file, _utf8, leaveOpen: true);
                format.Write(rewards, text, cancellation);
            }, cancellation);
            output.WriteLine(path);
        }
    }
}
