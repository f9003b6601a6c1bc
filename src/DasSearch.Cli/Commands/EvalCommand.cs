using System.CommandLine;
using DasSearch.Cli.Planning;
using DasSearch.Cli.Searching;
using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Exports;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;

namespace DasSearch.Cli.Commands;

/// <summary><c>das eval PLAN</c>: evaluates a trained plan anew.</summary>
internal static class EvalCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var plan = new Argument<string>("PLAN") { Description = "The trained plan's file." };
        var split = new Option<string>("--split")
        {
            Description = "Which samples.", DefaultValueFactory = _ => EnumNames.NameOf(Split.Test),
        };
        split.AcceptOnlyFromAmong(EnumNames.NameOf(Split.Test), EnumNames.NameOf(Split.Validation));
        var gallery = GalleryOption.Create();
        var json = JsonOption.Create();
        var flags = new PlanFlags(plan);
        var command = new Command("eval", "Evaluate a trained plan on the test or validation split.") { plan, split, gallery, json };
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var chosen = EnumNames.Parse<Split>(parsed.GetRequiredValue(split));
                var figures = Evaluate(context, flags.Read(parsed), chosen, parsed.GetValue(gallery), cancellation);
                if (parsed.GetValue(json))
                {
                    JsonOption.Write(context.Terminal, figures);
                    return;
                }

                foreach (var (name, value) in figures)
                {
                    context.Terminal.Output.WriteLine($"{name,-24}{Tables.Number(value, "F4")}");
                }
            },
            CancellationToken.None));
        return command;
    }

    private static SortedDictionary<string, double> Evaluate(
        CommandContext context, PlanOptions options, Split split, int gallery, CancellationToken cancellation)
    {
        var work = PlannedWork.Open(options);
        var weights = new PlanFiles(work.Plan, options.Plan).Trained();
        var result = work.Plan.Result!;
        var config = work.Settings.Values;
        var place = Workplace.Prepare(config, context.Environment);
        var task = place.OpenTask(config.Task, result.Seed);
        using var network = TransferNetwork.Build(work.Request(task, place.Device)
            .Planned(work.Plan, TransferTable.BuiltIn.Named(result.Method), result.Seed));
        TrainedWeights.Load(network, weights);
        return TestFigures.Take(
            network,
            task,
            split,
            work.Plan.Subnetwork,
            config.Training.BatchSize ?? config.Search.BatchSize,
            gallery,
            context.Terminal.Error.WriteLine,
            cancellation);
    }
}
