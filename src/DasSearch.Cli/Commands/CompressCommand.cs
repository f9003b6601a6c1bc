using System.CommandLine;
using DasSearch.App;
using DasSearch.Core.Configuration;
using DasSearch.Formats;

namespace DasSearch.Cli.Commands;

/// <summary><c>das compress CONFIG</c>: makes a checkpoint's Linears two of a low rank, by PELA, and trains them on.</summary>
internal static class CompressCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var config = new Argument<string>("CONFIG")
        {
            Description = "The YAML file, with the checkpoint and the output, beside which a model card is written.",
        };
        var set = SetOption.Create("compress.kappa=2");
        var quiet = QuietOption.Create();
        var force = ForceOption.Create("Replace a checkpoint of other settings, or a file that das did not write.");
        var command = new Command(
            "compress",
            "Compress a checkpoint by PELA: Linears of a low rank, trained on beside the original, a ViLT on captioned scenes, a ViT or Swin on the classes of a task, or with training.steps=0 as they are. "
            + "Every command takes the result as a checkpoint; Ctrl-C saves, and the same command goes on.")
        {
            config, set, force, quiet,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var resolved = ConfigFile.Load<CompressionConfig>(parsed.GetRequiredValue(config), parsed.GetRequiredValue(set));

            // On a thread of its own: Ctrl-C is listened for only once this function has returned.
            return Task.Run(() => Run(context, resolved, parsed.GetValue(force), parsed.GetValue(quiet), cancellation), CancellationToken.None);
        });
        return command;
    }

    private static void Run(
        CommandContext context, ResolvedConfig<CompressionConfig> resolved, bool isForced, bool quiet, CancellationToken cancellation)
    {
        var progress = new PretrainingDisplay(new ProgressLines(context.Terminal.Error, quiet, TimeProvider.System), resolved.Values.Training.Steps);
        try
        {
            context.Terminal.Output.WriteLine(CompressionSession.Run(resolved, context.Environment, isForced, progress, cancellation));
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Error.WriteLine("das: saved; the same command goes on from here");
            throw;
        }
    }
}
