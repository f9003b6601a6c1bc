using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Formats;
using DasSearch.Worker.Networks;

namespace DasSearch.App;

/// <summary>What a search is made of, built and checked.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Request">What the supernet is built from: task, device, checkpoint.</param>
/// <param name="Network">The supernet.</param>
/// <param name="Space">What may be proposed.</param>
/// <param name="Controller">A fresh controller.</param>
/// <param name="Stop">What may end the search early; null where its settings have it go on to the end.</param>
/// <param name="CheckpointSha256">The checkpoint's SHA-256; null without one.</param>
public sealed record SearchParts(
    ResolvedConfig<RunConfig> Settings,
    NetworkRequest Request,
    TransferNetwork Network,
    SkipSpace Space,
    IController Controller,
    StopRule? Stop,
    string? CheckpointSha256) : IDisposable
{
    /// <summary>Builds them: all that can be wrong with the settings is found here, before anything is stored.</summary>
    /// <exception cref="DasSearchException">The settings fit no backbone, task, checkpoint, device or space of subnetworks.</exception>
    public static SearchParts Build(ResolvedConfig<RunConfig> settings, AppEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(environment);
        var config = settings.Values;
        _ = environment.Tables.Backbones.Named(config.Backbone);
        var checkpoint = config.Checkpoint is { } path ? settings.FullPath(path) : null;
        var sha256 = checkpoint is null ? null : FileHash.Sha256(checkpoint);
        _ = environment.Tasks(config.Task);
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var task = environment.OpenTask(config.Task, config.Seed);
        var request = environment.Supernet(config, checkpoint, task, device);
        var network = TransferNetwork.Build(request);
        try
        {
            config.CheckAgainst(network.Backbone.Modules.Count);
            var space = SearchSpace.Of(config, network.Costs());
            var forController = new ControllerSettings(space, config.Controller.LearningRate);
            var controller = ControllerTable.Create(config.Controller.Name, forController);
            var stop = config.Stop is { Error: { } error, Tolerance: { } tolerance } ? new StopRule(forController, error, tolerance) : null;
            return new SearchParts(settings, request, network, space, controller, stop, sha256);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
