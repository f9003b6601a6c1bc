using System.CommandLine;
using DasSearch.Cli.Planning;
using DasSearch.Core.Plans;
using DasSearch.Transfer;

namespace DasSearch.Cli.Commands;

/// <summary><c>das train PLAN</c>: trains the planned network, tests it, and writes the result into the plan.</summary>
internal static class TrainCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan's file; the result is written into it." };
        var method = new Option<string>("--method")
        {
            Description = $"What is trained: {string.Join("; ", TransferTable.BuiltIn.All.Select(entry => $"{entry.Name}, {entry.Summary}"))}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => DasPlacement.Type,
        };
        method.AcceptOnlyFromAmong([.. TransferTable.BuiltIn.All.Select(entry => entry.Name)]);
        var seed = new Option<long?>("--seed")
        {
            Description = "The seed of fresh weights and of the order of samples; by default the run's.", HelpName = "N",
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The trained plan's file, if not PLAN itself; the trained weights lie beside it.", HelpName = "FILE",
        };
        var gallery = GalleryOption.Create();
        var quiet = QuietOption.Create();
        var json = JsonOption.Create();
        var flags = new PlanFlags(plan);
        var command = new Command("train", "Train a plan's network without the skipped modules, and test it; Ctrl-C saves.")
        {
            plan, method, seed, output, gallery, quiet, json,
        };
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = new TrainingSession(
                context,
                flags.Read(parsed),
                new TrainingOptions(
                    parsed.GetRequiredValue(method),
                    parsed.GetValue(seed),
                    parsed.GetValue(output),
                    parsed.GetValue(gallery),
                    parsed.GetValue(quiet),
                    parsed.GetValue(json)));
            return Task.Run(() => session.Run(cancellation), CancellationToken.None);
        });
        return command;
    }
}
