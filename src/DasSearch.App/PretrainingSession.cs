using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Pretraining;
using DasSearch.Worker.Pretraining;

namespace DasSearch.App;

/// <summary>Trains a backbone on captioned scenes, and writes its checkpoint and model card.</summary>
public static class PretrainingSession
{
    /// <summary>Does it.</summary>
    /// <returns>The checkpoint's path in full.</returns>
    /// <exception cref="DasSearchException">Something is wrong with the settings or their files.</exception>
    /// <exception cref="OperationCanceledException">It was ended; the same settings go on.</exception>
    public static string Run(
        ResolvedConfig<PretrainingConfig> settings, AppEnvironment environment, IPretrainingProgress progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(environment);
        var config = settings.Values;
        var output = settings.FullPath(config.Output);
        var folder = Path.GetDirectoryName(output)!;
        if (!Directory.Exists(folder))
        {
            throw new ConfigException("output", $"lies in {folder}, which is no folder");
        }

        var data = PretrainingData.Of(environment.Photos, config);
        var pretrainer = new Pretrainer(config, settings.Sha256, data, ComputeDevice.Prepare(config.Device, config.Threads));
        ModelCard.Write(output, settings, pretrainer.Run(output, progress, cancellation));
        return output;
    }
}
