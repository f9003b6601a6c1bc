using System.CommandLine;
using System.Globalization;
using CsvHelper;
using DasSearch.App;
using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Formats;
using DasSearch.Reporter.Replays;

namespace DasSearch.Cli.Commands;

/// <summary><c>das replay RUN</c>: compares controllers on the truth that <c>das truth</c> has stored.</summary>
internal static class ReplayCommand
{
    private const string Examples = """
        das replay 1                              all controllers, as many rounds as the run had, 200 seeds
        das replay 1 --controller das,thompson    two of them
        das replay 1 --batch fresh -o curves.csv  with another validation batch in each round; the curves for pandas or R
        das replay 1 --stop 0.05 --batch fresh    when a stop rule of that error would have ended each search, and how often wrongly
        das replay 1 --figure curves.svg          the curves drawn
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
        var stop = new Option<double?>("--stop") { Description = "The error of a stop rule to be tried, such as 0.05; none by default.", HelpName = "ERROR" };
        var tolerance = new Option<double?>("--tolerance") { Description = "What that rule tolerates, a share of the reward; 0.02 by default.", HelpName = "SHARE" };
        var figure = new Option<string?>("--figure") { Description = "Draw the curves into an SVG file.", HelpName = "FILE" };
        var output = new OutputOption("Write the curves to a CSV file.");
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new CommandWithExamples(
            "replay", "Compare controllers on the stored truth of a run: thousands of searches in seconds, without a network.", Examples)
        {
            run, skip, controllers, seeds, rounds, batch, stop, tolerance, figure, database, json,
        };
        output.AddTo(command, json);
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(figure) is OutputPlace.StandardOutput)
            {
                result.AddError("--json and --figure - exclude each other: both print to stdout.");
            }
        });
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var (curves, drawing) = (output.Path(parsed), parsed.GetValue(figure));
                Claim(curves, drawing, output.IsForced(parsed), parsed.GetRequiredValue(database));
                using var store = DatabaseOption.Open(parsed, database);
                var names = ListOption.Read(controllers.Name, parsed.GetRequiredValue(controllers), "controllers such as das,thompson");
                var comparison = ReplaySession.Run(
                    store.Read,
                    new ReplayRequest(parsed.GetRequiredValue(run), names, AtLeast(2, parsed.GetValue(seeds), "--seeds"))
                    {
                        Skip = parsed.GetValue(skip),
                        Rounds = parsed.GetValue(rounds),
                        Batch = parsed.GetValue(batch) is { } name ? EnumNames.Parse<BatchPolicy>(name) : null,
                        Stop = Rule(parsed.GetValue(stop), parsed.GetValue(tolerance)),
                    },
                    cancellation);
                var view = new ReplayView(comparison);
                if (curves is not null)
                {
                    view.Write(curves);
                }

                if (drawing is not null)
                {
                    ReplayFigure.Write(comparison.Curves, drawing);
                }

                if (parsed.GetValue(json))
                {
                    JsonOption.Write(context.Terminal, view.Facts);
                }
                else
                {
                    var isTaken = new[] { curves, drawing }.OfType<string>().Any(OutputOption.IsStandardOutput);
                    view.Print(isTaken ? context.Terminal.Aside : context.Terminal);
                }
            },
            CancellationToken.None));
        return command;
    }

    private static void Claim(string? curves, string? drawing, bool isForced, string database)
    {
        if (curves is not null)
        {
            new OutputGuard(isForced, "-o", database).Claim(curves, ReplayView.Kind);
        }

        if (drawing is not null)
        {
            new OutputGuard(isForced, "--figure", database, curves).Claim(drawing, ReplayFigure.Kind, "figure");
        }
    }

    private static StopConfig? Rule(double? error, double? tolerance)
    {
        if (error is null)
        {
            return tolerance is null ? null : throw new UsageException("--tolerance goes with --stop");
        }

        try
        {
            return new StopConfig { Error = error, Tolerance = tolerance }.Resolved();
        }
        catch (ConfigException wrong)
        {
            throw new UsageException($"--{wrong.Message.Replace("stop.tolerance", "tolerance", StringComparison.Ordinal).Replace("stop.error", "stop", StringComparison.Ordinal)}");
        }
    }

    private static int AtLeast(int least, int value, string name) => value >= least
        ? value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} must be at least {least}, not {value}"));
}

/// <summary>Controllers that were replayed, beside each other.</summary>
/// <param name="comparison">The controllers.</param>
internal sealed class ReplayView(ReplayComparison comparison)
{
    private static readonly string[] _columns = ["controller", "evaluations", "median_rank", "mean_rank", "rank_error", "mean_regret", "regret_error"];

    private readonly int _top = comparison.Top;

    /// <summary>Its curves among other files.</summary>
    internal static OutputKind Kind { get; } = OutputKind.Begins("file of curves", $"^{string.Join(',', _columns)}\n");

    /// <summary>What a program reads.</summary>
    internal object Facts => new
    {
        Subnetworks = comparison.Table.Ranked.Count,
        Top = _top,
        Controllers = comparison.Curves.Select(curve => new { curve.Controller, EvaluationsToTop = curve.EvaluationsTo(_top), curve.Stops, curve.Points }),
    };

    /// <summary>What a person reads.</summary>
    internal void Print(Terminal terminal)
    {
        var rows = new TextTable("controller", ">evaluations", ">mean rank", ">±", ">median", ">mean regret", ">±", $">to rank {_top}");
        foreach (var curve in comparison.Curves)
        {
            var last = curve.Points[^1];
            rows.Add(
                curve.Controller,
                Numbers.Count(last.Evaluations),
                Numbers.Decimals(last.MeanRank, 1),
                Numbers.Decimals(last.RankError, 1),
                Numbers.Whole(last.MedianRank),
                Numbers.Value(last.MeanRegret),
                Numbers.Value(last.RegretError),
                Numbers.Whole(curve.EvaluationsTo(_top)));
        }

        terminal.Write(rows);
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ranks are of {comparison.Table.Ranked.Count}; to rank {_top}: evaluations until the mean rank is {_top} or less, and stays there"));
        PrintStops(terminal);
    }

    private void PrintStops(Terminal terminal)
    {
        if (comparison.Curves[0].Stops is not { } rule)
        {
            return;
        }

        terminal.WriteLine();
        var rows = new TextTable("controller", ">searches ended", ">evaluations", ">wrong", ">mean rank");
        foreach (var curve in comparison.Curves)
        {
            var stops = curve.Stops!;
            rows.Add(curve.Controller, Numbers.Share(stops.Share), Numbers.Count(stops.MeanEvaluations), Numbers.Share(stops.Wrong), Numbers.Decimals(stops.MeanRank, 1));
        }

        terminal.Write(rows);
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a choice is wrong where another subnetwork has over {Numbers.Share(rule.Tolerance)} more reward on the whole split; evaluations and ranks are means of searches that ended early"));
    }

    /// <summary>All points as CSV.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    internal void Write(string path) => OutputFile.Write(path, file =>
    {
        using var csv = CsvWriter.Create(file, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        Line(csv, _columns);
        foreach (var (curve, point) in comparison.Curves.SelectMany(curve => curve.Points.Select(point => (curve, point))))
        {
            Line(csv, curve.Controller, point.Evaluations, point.MedianRank, point.MeanRank, point.RankError, point.MeanRegret, point.RegretError);
        }
    });

    private static void Line(CsvWriter csv, params IReadOnlyList<object> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }

        csv.EndRecord();
    }
}
