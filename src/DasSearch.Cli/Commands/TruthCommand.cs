using System.CommandLine;
using System.Globalization;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Store;

namespace DasSearch.Cli.Commands;

/// <summary><c>das truth RUN</c>: what every subnetwork of a run's supernet is really worth.</summary>
internal static class TruthCommand
{
    private const int Shown = 10;

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
        var command = new CommandWithExamples(
            "truth", "Score all subnetworks of a run's supernet on a whole split, and say where its choice stands among them. What was interrupted goes on.", Examples)
        {
            run, skip, split, batch, quiet, database, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var size = parsed.GetValue(batch);
                var request = new ExhaustiveRequest(
                    parsed.GetRequiredValue(run),
                    parsed.GetValue(skip),
                    EnumNames.Parse<Split>(parsed.GetRequiredValue(split)),
                    size > 0 ? size : throw new UsageException($"--batch-size must be at least 1, not {size}"));
                using var store = DatabaseOption.Open(parsed, database);
                var ranking = Score(context, store, request, new ProgressLines(context.Terminal.Error, parsed.GetValue(quiet), TimeProvider.System), cancellation);
                if (parsed.GetValue(json))
                {
                    JsonOption.Write(context.Terminal, Facts(ranking));
                }
                else
                {
                    Print(ranking, context.Terminal);
                }
            },
            CancellationToken.None));
        return command;
    }

    private static ExhaustiveRanking Score(
        CommandContext context, IRunStore store, ExhaustiveRequest request, ProgressLines lines, CancellationToken cancellation)
    {
        try
        {
            return new ExhaustiveSession(store, context.Environment)
                .Run(request, (done, of) => lines.Progress("batch", done, of), lines.Say, cancellation);
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Error.WriteLine("das: saved; the same command goes on");
            throw;
        }
    }

    private static object Facts(ExhaustiveRanking ranking) => new
    {
        Subnetworks = ranking.Ranked.Count,
        Chosen = ranking.Chosen.ToString(),
        ranking.Rank,
        ranking.Regret,
        Ranking = ranking.Ranked.Select((score, i) => new { Rank = i + 1, Subnetwork = score.Subnetwork.ToString(), score.Loss, score.Accuracy }),
    };

    // The best ones, the choice, the worst.
    private static void Print(ExhaustiveRanking ranking, Terminal terminal)
    {
        var (table, ranked) = (new TextTable(">rank", "skips", ">loss", ">accuracy"), ranking.Ranked);
        foreach (var i in Enumerable.Range(0, Math.Min(Shown, ranked.Count)).Append(ranking.Rank - 1).Append(ranked.Count - 1).Distinct().Order())
        {
            table.Add(
                Numbers.Whole(i + 1),
                ranked[i].Subnetwork.ToString(),
                Numbers.Value(ranked[i].Loss),
                Numbers.Value(ranked[i].Accuracy));
        }

        terminal.Write(table);
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"the search chooses {ranking.Chosen}: rank {ranking.Rank} of {ranked.Count}, {Numbers.Value(ranking.Regret)} above the least loss"));
    }
}
