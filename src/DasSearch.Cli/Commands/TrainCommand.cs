using System.CommandLine;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;

namespace DasSearch.Cli.Commands;

/// <summary><c>das train PLAN</c>: trains the planned network, tests it, and writes the result into the plan.</summary>
internal static class TrainCommand
{
    private const string Examples = """
        das train my.plan                                            with what the plan is for
        das train my.plan --method lora -o lora.plan                 another method on the same plan
        das train my.plan --method apt --set method.tokens=50 -o apt.plan
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var methods = context.Environment.Tables.Methods.All;
        var plan = new Argument<string>("PLAN") { Description = "The plan's file; the result is written into it." };
        var method = new Option<string?>("--method")
        {
            Description = "What is trained, if not what the plan is for; see below.", HelpName = "NAME",
        };
        method.AcceptOnlyFromAmong([.. methods.Select(entry => entry.Name)]);
        var seed = new Option<long?>("--seed")
        {
            Description = "The seed of fresh weights and of the order of samples; by default the run's.", HelpName = "N",
        };
        var trained = new Option<long?>("--trainable")
        {
            Description = "Size the method so that at most so many parameters are trained, with the head: the same everywhere; das plan RUN --trainable N goes by what a search found.",
            HelpName = "N",
        };
        var output = new OutputOption("The trained plan's file, if not PLAN itself; the trained weights lie beside it.", "PATH");
        var gallery = GalleryOption.Create();
        var quiet = QuietOption.Create();
        var json = JsonOption.Create();
        var flags = new PlanFlags(plan);
        var command = new CommandWithExamples("train", "Train a plan's network without the skipped modules, and test it; Ctrl-C saves.", Examples)
        {
            plan, method, trained, seed, gallery, quiet, json,
        };
        command.More = output => WriteMethods(output, context.Environment.Tables.Backbones.All[0], methods);
        output.AddTo(command);
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var source = flags.Read(parsed);
            var request = new TrainingRequest(
                parsed.GetValue(method), parsed.GetValue(seed), output.Path(parsed), parsed.GetValue(gallery))
            {
                IsForced = output.IsForced(parsed), Trained = parsed.GetValue(trained),
            };
            return Task.Run(
                () =>
                {
                    var display = new TrainingDisplay(new ProgressLines(context.Terminal.Error, parsed.GetValue(quiet), TimeProvider.System));
                    var session = new TrainingSession(context.Environment, source, request);
                    Print(context.Terminal, Train(context.Terminal, session, display, cancellation), parsed.GetValue(json));
                },
                CancellationToken.None);
        });
        return command;
    }

    // A line each, and one for what it can be set to.
    private static void WriteMethods(TextWriter output, BackboneEntry backbone, IReadOnlyList<ITransferMethod> methods)
    {
        var width = methods.Max(static method => method.Name.Length);
        output.WriteLine($"Methods, with the parameters that each trains beside the head and the multiply-accumulates that it adds to {backbone.Name} at the size of papers:");
        var costs = MethodProfiles.Of(backbone, methods);
        foreach (var (method, profile) in methods.Zip(costs.Methods))
        {
            output.WriteLine($"  {method.Name.PadRight(width)}  {method.Summary}; {Numbers.Count(profile.Parameters)} and {Numbers.Count(profile.MultiplyAccumulates)}");
            foreach (var option in method.Options)
            {
                output.WriteLine($"  {"".PadRight(width)}    method.{option.Name}={option.Default}  {option.Summary}");
            }
        }

        output.WriteLine();
    }

    private static TrainingOutcome Train(Terminal terminal, TrainingSession session, TrainingDisplay display, CancellationToken cancellation)
    {
        try
        {
            return session.Run(display, cancellation);
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("das: saved; the same command goes on from here");
            throw;
        }
    }

    private static void Print(Terminal terminal, TrainingOutcome outcome, bool json)
    {
        if (outcome.Note is { } note)
        {
            terminal.Error.WriteLine($"das: {note}");
        }

        if (json)
        {
            terminal.Output.Write(PlanFile.Format(outcome.Plan));
            return;
        }

        var result = outcome.Plan.Result!;
        foreach (var (name, value) in result.Metrics)
        {
            terminal.Output.WriteLine($"{name,-24}{Numbers.Value(value)}");
        }

        foreach (var line in LatencyText.Lines(result.Latency!))
        {
            terminal.WriteLine(line, indent: 24);
        }

        terminal.Output.WriteLine(outcome.Path);
    }
}
