using System.CommandLine;
using DasSearch.Cli.Pretraining;
using DasSearch.Core.Configuration;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.Pretraining;
using DasSearch.Formats;
using DasSearch.Worker.Pretraining;
using TorchSharp;

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
        var command = new Command("pretrain", "Pre-train a small ViLT on captioned scenes; Ctrl-C saves, and the same command goes on.") { config, set, quiet };
        command.SetAction((parsed, cancellation) =>
        {
            var resolved = ConfigFile.Load<PretrainingConfig>(parsed.GetRequiredValue(config), parsed.GetRequiredValue(set));

            // On a thread of its own: Ctrl-C is listened for only once this function has returned.
            return Task.Run(() => Run(context, resolved, parsed.GetValue(quiet), cancellation), CancellationToken.None);
        });
        return command;
    }

    private static void Run(
        CommandContext context, ResolvedConfig<PretrainingConfig> resolved, bool quiet, CancellationToken cancellation)
    {
        var config = resolved.Values;
        var output = resolved.FullPath(config.Output);
        var folder = Path.GetDirectoryName(output)!;
        if (!Directory.Exists(folder))
        {
            throw new ConfigException("output", $"lies in {folder}, which is no folder");
        }

        if (config.Threads > 0)
        {
            torch.set_num_threads(config.Threads);
        }

        var photos = FashionPhotos.Load(FashionMnistFolder.Resolve(context.Environment));
        var data = PretrainingData.Of(photos, config);
        var pretrainer = new Pretrainer(config, resolved.Sha256, data, Devices.Choose(config.Device));
        var progress = new PretrainingDisplay(new ProgressLines(context.Terminal.Error, quiet), config.Training.Steps);
        try
        {
            var result = pretrainer.Run(output, progress, cancellation);
            ModelCard.Write(output, resolved, result);
            context.Terminal.Output.WriteLine(output);
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Error.WriteLine("das: saved; the same command goes on from here");
            throw;
        }
    }
}
