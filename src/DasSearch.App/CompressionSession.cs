using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Tasks;
using DasSearch.Formats;
using DasSearch.Worker.Pretraining;

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
        var isTrained = config.Training.Steps > 0;
        if (isTrained)
        {
            config.Pretraining().CheckTraining();
        }

        var guard = new OutputGuard(isForced, "--set output=FILE", settings.Path, checkpoint);
        guard.Claim(output, SafetensorsFile.Kind("checkpoint of these settings", Pretrainer.SettingsKey, settings.Sha256), needsFolder: true);
        guard.Claim(ModelCard.PathOf(output), ModelCard.Kind, "model card");
        guard.CheckName(Pretrainer.StateOf(output), "folder to go on from");
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var sha256 = FileHash.Sha256(checkpoint);
        using var compression = new Compression(config, checkpoint, progress, cancellation);
        progress.Factorised(compression);
        var metadata = new Dictionary<string, string>(compression.Metadata)
        {
            [Pretrainer.SettingsKey] = settings.Sha256,
            [FromKey] = sha256,
        };
        if (!isTrained)
        {
            compression.Write(output, metadata);
            ModelCard.Write(output, Text(output, settings, compression, sha256, trained: null));
            return output;
        }

        // What is gone on with must have begun with the same checkpoint.
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{settings.Sha256}\n{sha256}")));
        var pretraining = config.Pretraining();
        var pretrainer = new Pretrainer(pretraining, key, PretrainingData.Of(environment.Data, pretraining, BackboneView.Natural), device, features: null, compression);
        return KeptState.Write(Pretrainer.StateOf(output), () =>
        {
            var trained = pretrainer.Run(output, metadata, progress, cancellation);
            ModelCard.Write(output, Text(output, settings, compression, sha256, trained));
            return output;
        });
    }

    private static string Text(
        string output, ResolvedConfig<CompressionConfig> settings, Compression compression, string checkpointSha256, PretrainingResult? trained)
    {
        var config = settings.Values;
        var training = trained is null ? "none: the factors are those of the singular values" : Durations.Text(TimeSpan.FromSeconds(trained.Validation.Seconds));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # {Path.GetFileName(output)}

            A {compression.Network} with {compression.Ranks.Count} Linears of its blocks as two of a low rank each, by PELA (arXiv:2310.10700):
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

            """);
        if (trained is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"""

                Step 0 below are the factors as they are before any training; the original does
                {Numbers.Share(trained.Original!.MatchingAccuracy)} in matching and {Numbers.Share(trained.Original.WordAccuracy)} in hidden words on the test split.

                """);
            ModelCard.AppendFigures(text, config.Pretraining(), trained);
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n## Settings\n\n```yaml\n{settings.Text}```\n").ToString();
    }
}
