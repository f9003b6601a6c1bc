using DasSearch.Core;
using DasSearch.Data.Tasks;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Worker.Networks;

namespace DasSearch.App;

/// <summary>The supernet of a run that is done, as its search has left it.</summary>
/// <param name="Network">The supernet.</param>
/// <param name="Task">The run's task.</param>
internal sealed record StoredSupernet(TransferNetwork Network, IVisionLanguageTask Task) : IDisposable
{
    /// <summary>Builds it anew.</summary>
    /// <exception cref="DasSearchException">The run is not done, its checkpoint is another one now, or what it was trained to is missing.</exception>
    internal static StoredSupernet Open(AppEnvironment environment, IRunStore store, RunDetails details)
    {
        CheckDone(details);
        var (run, settings) = (details.Summary.Run, StoredConfig.Of(details));
        var config = settings.Values;
        var checkpoint = config.Checkpoint is { } path ? settings.FullPath(path) : null;
        var sha256 = checkpoint is null ? null : FileHash.Sha256(checkpoint);
        if (sha256 != details.CheckpointSha256)
        {
            throw new DasSearchException(
                $"run {run} had another checkpoint {details.Checkpoint}: its SHA-256 was {details.CheckpointSha256}, now it is {sha256}");
        }

        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var task = environment.OpenTask(settings, config.Seed);
        var network = TransferNetwork.Build(environment.Supernet(config, checkpoint, task, device) with { IsRestored = true });
        try
        {
            SupernetFile.Load(network, store, run);
            return new StoredSupernet(network, task);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that there is nothing left to search.</summary>
    /// <exception cref="DasSearchException">There is.</exception>
    internal static void CheckDone(RunDetails details)
    {
        if (details.Summary.Status != RunStatus.Done)
        {
            throw new DasSearchException($"run {details.Summary.Run} is not done: {ShellLine.Das(details.Summary.Database, "resume", details.Summary.Run)} goes on with it");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
