using System.CommandLine;
using DasSearch.App;
using DasSearch.Core.Configuration;
using DasSearch.Formats;

namespace DasSearch.Cli.Commands;

/// <summary><c>das pretrain CONFIG</c>: trains a backbone on captioned scenes, and writes its checkpoint and model card.</summary>
internal static class PretrainCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var config = new Argument<string>("CONFIG")
        {
            Description = "The YAML file; its output names the checkpoint, beside which a model card is written.",
        };
        var set = SetOption.Create("training.steps=100");
        var quiet = QuietOption.Create();
        var force = ForceOption.Create("Replace a checkpoint of other settings, or a file that das did not write.");
        var command = new Command("pretrain", "Pre-train a small ViLT, or METER-mini's layers, on captioned scenes; Ctrl-C saves, and the same command goes on.") { config, set, force, quiet };
        command.SetAction((parsed, cancellation) =>
        {
            var resolved = ConfigFile.Load<PretrainingConfig>(parsed.GetRequiredValue(config), parsed.GetRequiredValue(set));

            // On a thread of its own: Ctrl-C is listened for only once this function has returned.
            return Task.Run(() => Run(context, resolved, parsed.GetValue(force), parsed.GetValue(quiet), cancellation), CancellationToken.None);
        });
        return command;
    }

    private static void Run(
        CommandContext context, ResolvedConfig<PretrainingConfig> resolved, bool isForced, bool quiet, CancellationToken cancellation)
    {
        var progress = new PretrainingDisplay(new ProgressLines(context.Terminal.Error, quiet, TimeProvider.System), resolved.Values.Training.Steps);
        try
        {
            context.Terminal.Output.WriteLine(PretrainingSession.Run(resolved, context.Environment, isForced, progress, cancellation));
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Error.WriteLine("das: saved; the same command goes on from here");
            throw;
        }
    }
}
