using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Tasks;
using DasSearch.Data;
using DasSearch.Formats;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Pretraining;
using static TorchSharp.torch;

namespace DasSearch.App;

/// <summary>Makes the Linears of a checkpoint two of a low rank, trains them on, and writes the checkpoint and its model card.</summary>
public static class CompressionSession
{
    private const string FromKey = "compressed_from";

    /// <summary>Does it.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="environment">Where pictures come from.</param>
    /// <param name="isForced">Whether files may be replaced that are not of these settings.</param>
    /// <param name="progress">Told how it goes.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The compressed checkpoint's path in full.</returns>
    /// <exception cref="DasSearchException">Something is wrong with the settings or their files; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">It was ended; the same settings go on.</exception>
    public static string Run(
        ResolvedConfig<CompressionConfig> settings, AppEnvironment environment, bool isForced, ICompressionProgress progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(progress);
        var config = settings.Values;
        var (checkpoint, output) = (settings.FullPath(config.Checkpoint), settings.FullPath(config.Output));
        var guard = new OutputGuard(isForced, "--set output=FILE", settings.Path, checkpoint);
        guard.Claim(output, SafetensorsFile.Kind("checkpoint of these settings", Pretrainer.SettingsKey, settings.Sha256), needsFolder: true);
        guard.Claim(ModelCard.PathOf(output), ModelCard.Kind, "model card");
        guard.CheckName(Pretrainer.StateOf(output), "folder to go on from");
        using var ours = OutputLock.Take(Pretrainer.StateOf(output), output);
        var task = TaskOf(settings, environment, LowRankCheckpoint.NetworkOf(checkpoint));
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var sha256 = FileHash.Sha256(checkpoint);
        using var compression = new Compression(config, checkpoint, progress, cancellation);
        progress.Factorised(compression);
        var metadata = new Dictionary<string, string>(compression.Metadata)
        {
            [Pretrainer.SettingsKey] = settings.Sha256,
            [FromKey] = sha256,
        };
        if (config.Training.Steps == 0)
        {
            compression.Write(output, metadata);
            WriteCard(seconds: null, figures: "");
            return output;
        }

        // What is gone on with must have begun with the same checkpoint.
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{settings.Sha256}\n{sha256}")));
        if (task is null)
        {
            var pretraining = config.Pretraining();
            var pretrainer = new Pretrainer(pretraining, key, PretrainingData.Of(environment.Data, pretraining, BackboneView.Natural), device, features: null, compression);
            return KeptState.Write(Pretrainer.StateOf(output), () =>
            {
                var trained = pretrainer.Run(output, metadata, progress, cancellation);
                WriteCard(trained.Validation.Seconds, Figures(config, trained));
                return output;
            });
        }

        using var classifier = new ClassifierCompression(config, compression, Request(config, checkpoint, environment, compression.Network, task, device), progress);
        return KeptState.Write(Pretrainer.StateOf(output), () =>
        {
            var trained = classifier.Run(output, key, metadata, cancellation);
            WriteCard(trained.Validation.Seconds, Figures(config, trained));
            return output;
        });

        void WriteCard(double? seconds, string figures) => ModelCard.Write(output, Text(output, settings, compression, sha256, seconds, figures));
    }

    // What a classifier is trained on; null where nothing is trained, or with the data of the pre-training.
    private static IVisionLanguageTask? TaskOf(ResolvedConfig<CompressionConfig> settings, AppEnvironment environment, CompressibleNetwork network)
    {
        var config = settings.Values;
        if (config.Training.Steps == 0)
        {
            return null;
        }

        if (network.Classifier is null)
        {
            config.Pretraining().CheckTraining();
            return config.Task is null
                ? null
                : throw new ConfigException("task", $"is for classifiers of images, and {config.Checkpoint} is of a {network.Title}, which is trained on as it was pre-trained: leave it out, not '{config.Task}'");
        }

        if (config.Task is not { } name)
        {
            throw new ConfigException("task", $"is missing: {config.Checkpoint} is of a {network.Title}, which is trained on as a classifier, such as with task: photos and data.root: FOLDER; or set training.steps to 0 for the factors alone");
        }

        if (environment.Tasks(name).Kind != TaskKind.Classification)
        {
            throw new ConfigException("task", $"must be one of classes, such as photos or vtab, not '{name}'");
        }

        var task = environment.OpenTask(name, network.Backbone, config.Data, settings.FullPath, config.Seed);
        config.CheckTraining(task.Facts.SizeOf(Split.Train));
        return task;
    }

    private static NetworkRequest Request(
        CompressionConfig config, string checkpoint, AppEnvironment environment, CompressibleNetwork network, IVisionLanguageTask task, Device device) => new()
    {
        Backbone = environment.Tables.Backbones.Named(network.Backbone),
        Method = new FullTransfer(),
        Task = task,
        Sizes = config.Model,
        Checkpoint = checkpoint,
        Seed = config.Seed,
        DropPath = config.Training.DropPath ?? 0,
        Device = device,
        Note = environment.NoteOnce,
    };

    private static string Text(
        string output, ResolvedConfig<CompressionConfig> settings, Compression compression, string checkpointSha256, double? seconds, string figures)
    {
        var config = settings.Values;
        var training = seconds is { } took ? Durations.Text(TimeSpan.FromSeconds(took)) : "none: the factors are those of the singular values";
        return string.Create(CultureInfo.InvariantCulture, $"""
            # {Path.GetFileName(output)}

            A {compression.Network.Title} with {compression.Ranks.Count} Linears of its blocks as two of a low rank each, by PELA (arXiv:2310.10700):
            {Numbers.Count(compression.ParametersBefore)} parameters before, {Numbers.Count(compression.ParametersAfter)} now, heads included.
            {ModelCard.Maker("compress")}

            | | |
            |---|---|
            | made of | {config.Checkpoint}, SHA-256 {checkpointSha256} |
            | κ | {config.Compress.Kappa} |
            | ranks | {string.Join(", ", compression.Ranks.Values.Distinct().Order())} |
            | intermediate training | {training} |
            | seed | {config.Seed} |
            | SHA-256 of the file | {FileHash.Sha256(output)} |
            | SHA-256 of the settings | {settings.Sha256} |
            {figures}
            ## Settings

            ```yaml
            {settings.Text}```

            """);
    }

    private static string Figures(CompressionConfig config, PretrainingResult trained)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""

            Step 0 below are the factors as they are before any training; the original does
            {Numbers.Share(trained.Original!.MatchingAccuracy)} in matching and {Numbers.Share(trained.Original.WordAccuracy)} in hidden words on the test split.

            """);
        ModelCard.AppendFigures(text, config.Pretraining(), trained);
        return text.ToString();
    }

    private static string Figures(CompressionConfig config, ClassifierResult trained)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""

            ## Held-out figures

            On {config.Task}, of at most {Numbers.Count(config.Evaluation.FinalSamples)} samples each; the loss is cross-entropy alone.

            | split | accuracy | loss |
            |---|---:|---:|
            {Row("validation", trained.Validation)}
            {Row("test", trained.Test)}
            {(trained.Original is { } original ? Row("test, the original", original) : "| test, the original | it tells no such classes | |")}

            ## Along the way

            On the validation split, of at most {Numbers.Count(config.Evaluation.Samples)} samples. Step 0 are the factors as they are before any training; the training's loss has
            all of its terms, and is the mean of the steps since the row above.

            | step | training's loss | accuracy | loss | minutes |
            |---:|---:|---:|---:|---:|

            """);
        foreach (var figures in trained.Curve)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {figures.Step} | {(double.IsNaN(figures.TrainingLoss) ? "" : Numbers.Decimals(figures.TrainingLoss, 3))} | {Numbers.Share(figures.Accuracy)} | {Numbers.Decimals(figures.Loss, 3)} | {Numbers.Decimals(figures.Seconds / 60, 1)} |\n");
        }

        return text.ToString();

        static string Row(string name, ClassifierFigures figures) => $"| {name} | {Numbers.Share(figures.Accuracy)} | {Numbers.Decimals(figures.Loss, 3)} |";
    }
}
