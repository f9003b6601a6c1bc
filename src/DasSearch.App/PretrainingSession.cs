using System.Globalization;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Pretraining;
using DasSearch.Formats;
using DasSearch.Worker.Pretraining;

namespace DasSearch.App;

/// <summary>Trains a backbone on captioned scenes, and writes its checkpoint and model card.</summary>
public static class PretrainingSession
{
    /// <summary>Does it.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="environment">Where pictures come from.</param>
    /// <param name="isForced">Whether files may be replaced that are not of these settings.</param>
    /// <param name="progress">Told how it goes.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The checkpoint's path in full.</returns>
    /// <exception cref="DasSearchException">Something is wrong with the settings or their files.</exception>
    /// <exception cref="OperationCanceledException">It was ended; the same settings go on.</exception>
    public static string Run(
        ResolvedConfig<PretrainingConfig> settings, AppEnvironment environment, bool isForced, IPretrainingProgress progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(environment);
        var config = settings.Values;
        config.CheckTraining();
        var output = settings.FullPath(config.Output);
        var guard = new OutputGuard(isForced, "--set output=FILE", settings.Path);
        guard.Claim(output, SafetensorsFile.Kind("checkpoint of these settings", Pretrainer.SettingsKey, settings.Sha256), needsFolder: true);
        guard.Claim(ModelCard.PathOf(output), ModelCard.Kind, "model card");
        guard.CheckName(Pretrainer.StateOf(output), "folder to go on from");
        using var ours = OutputLock.Take(Pretrainer.StateOf(output), output);
        var data = PretrainingData.Of(environment.Data, config, environment.ViewOf(config.Model.Backbone));
        var pretrainer = new Pretrainer(config, settings.Sha256, data, ComputeDevice.Prepare(config.Device, config.Threads), environment.Features);
        return KeptState.Write(Pretrainer.StateOf(output), () =>
        {
            var metadata = new Dictionary<string, string> { [Pretrainer.SettingsKey] = settings.Sha256 };
            ModelCard.Write(output, ModelCard.Text(output, settings, data.Summary, pretrainer.Run(output, metadata, progress, cancellation)));
            return output;
        });
    }
}

/// <summary>Writes what a checkpoint is, how it was made and what it can do, beside it.</summary>
internal static class ModelCard
{
    /// <summary>The card's place: the checkpoint's name with <c>.md</c>.</summary>
    internal static string PathOf(string checkpoint) => Path.ChangeExtension(checkpoint, ".md");

    /// <summary>Cards among other files.</summary>
    internal static OutputKind Kind { get; } = OutputKind.Begins("model card", "^# .*Made by `das (?:pretrain|compress)`; this page, too");

    /// <summary>The sentence by which a card is known as one.</summary>
    internal static string Maker(string command) => $"Made by `das {command}`; this page, too.";

    /// <summary>Writes the card of a checkpoint that is there.</summary>
    internal static void Write(string checkpoint, string text) =>
        OutputFile.Write(PathOf(checkpoint), file => file.Write(Encoding.UTF8.GetBytes(text)));

    internal static string Text(string checkpoint, ResolvedConfig<PretrainingConfig> resolved, string data, PretrainingResult result)
    {
        var name = Path.GetFileName(checkpoint);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # {name}

            {result.Title}, with its heads for
            hidden words and for matching: {Numbers.Count(result.Parameters)} parameters, under the names of the official checkpoints.
            {Maker("pretrain")}

            | | |
            |---|---|
            | data | {data} |
            | seed | {resolved.Values.Seed} |
            | training time | {Durations.Text(TimeSpan.FromSeconds(result.Validation.Seconds))} |
            | SHA-256 of the file | {FileHash.Sha256(checkpoint)} |
            | SHA-256 of the settings | {resolved.Sha256} |

            """);
        AppendFigures(text, resolved.Values, result);
        return text.Append(CultureInfo.InvariantCulture, $"\n## Settings\n\n```yaml\n{resolved.Text}```\n").ToString();
    }

    /// <summary>Appends what the model can do, at the end and along the way.</summary>
    internal static void AppendFigures(StringBuilder text, PretrainingConfig config, PretrainingResult result)
    {
        var names = config.Training.NameMaskingRate is { } rate ? $", and {Numbers.Share(rate)} of those of things' names" : "";
        text.Append(CultureInfo.InvariantCulture, $"""

            ## Held-out figures

            On {Numbers.Count(config.Evaluation.FinalSamples)} scenes each. Matching: is a caption true of a scene, where half of them are false by one attribute
            (chance is 50 %). Hidden words: which words were hidden from a true caption, {Numbers.Share(config.Training.MaskingRate)} of them{names}; and
            which ones are found beside the picture of another scene, by what texts alone give away.

            | split | matching | hidden words | beside another picture |
            |---|---:|---:|---:|
            | validation | {Numbers.Share(result.Validation.MatchingAccuracy)} | {Numbers.Share(result.Validation.WordAccuracy)} | {Numbers.Share(result.Validation.BlindWordAccuracy)} |
            | test | {Numbers.Share(result.Test.MatchingAccuracy)} | {Numbers.Share(result.Test.WordAccuracy)} | {Numbers.Share(result.Test.BlindWordAccuracy)} |

            ## Along the way

            On {Numbers.Count(config.Evaluation.Samples)} scenes of the validation split; the loss is the mean of the steps since the row above.

            | step | loss | matching | hidden words | beside another picture | minutes |
            |---:|---:|---:|---:|---:|---:|

            """);
        foreach (var figures in result.Curve)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {figures.Step} | {(double.IsNaN(figures.TrainingLoss) ? "" : Numbers.Decimals(figures.TrainingLoss, 3))} | {Numbers.Share(figures.MatchingAccuracy)} | {Numbers.Share(figures.WordAccuracy)} | {Numbers.Share(figures.BlindWordAccuracy)} | {Numbers.Decimals(figures.Seconds / 60, 1)} |\n");
        }
    }
}
