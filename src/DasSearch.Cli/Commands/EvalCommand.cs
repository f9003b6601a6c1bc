using System.CommandLine;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Data;

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
                var figures = PlanEvaluation.Run(
                    context.Environment, flags.Read(parsed), chosen, parsed.GetValue(gallery), context.Terminal.Error.WriteLine, cancellation);
                if (parsed.GetValue(json))
                {
                    JsonOption.Write(context.Terminal, figures);
                    return;
                }

                foreach (var (name, value) in figures)
                {
                    context.Terminal.Output.WriteLine($"{name,-24}{Numbers.Value(value)}");
                }
            },
            CancellationToken.None));
        return command;
    }
}
