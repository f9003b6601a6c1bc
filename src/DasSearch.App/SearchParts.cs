using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Formats;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Search;

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
        var task = environment.OpenTask(settings, config.Seed);
        config.CheckSearch(task.Facts.SizeOf(Split.Train), task.Facts.SizeOf(Split.Validation));
        task = config.Search.Samples is { } samples ? new FewerSamples(task, samples, config.Search.BatchSize, config.Seed) : task;
        task = config.Validation.Samples is { } looked ? new FewerValidationSamples(task, looked, config.Validation.BatchSize ?? config.Search.BatchSize) : task;
        var request = environment.Supernet(config, checkpoint, task, device);
        var network = TransferNetwork.Build(request);
        try
        {
            config.CheckAgainst(network.Backbone.Modules.Count);
            var space = SearchSpace.Of(config, network.Costs());
            var forController = ControllerSettings.Of(space, config.Controller);
            var controller = ControllerTable.Create(config.Controller.Name, forController, config.Controller.Candidates);
            var stop = config.Stop is { Error: { } error, Tolerance: { } tolerance } ? new StopRule(forController, error, tolerance) : null;
            CheckStop(stop, config, task.Facts.BatchesOf(Split.Train, config.Search.BatchSize));
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

    // A rule that is never asked in time would end no search, however sure it is of its choice.
    private static void CheckStop(StopRule? stop, RunConfig config, int batches)
    {
        var (search, candidates) = (config.Search, config.Controller.Candidates);
        if (stop is null || stop.FewestRounds(candidates) is { } fewest && fewest <= new SearchSchedule(search, batches).Rounds)
        {
            return;
        }

        var steps = Enumerable.Range(1, search.StepsBetween(batches)).LastOrDefault(steps => Rounds(steps) >= stop.FewestRounds(candidates));
        var remedy = steps > 0 ? $"with search.steps_between_rounds of at most {steps} there are enough" : "more search.epochs or controller.candidates make more of them";
        throw new ConfigException(
            "stop.error",
            $"cannot end this search, which has {new SearchSchedule(search, batches).Rounds} rounds of {candidates} candidates: to be sure of anything takes "
            + $"{(stop.FewestRounds(candidates) is { } rounds ? $"{rounds} rounds" : "more than rounds of so few can tell")}; {remedy}");

        int Rounds(int steps) => new SearchSchedule(search with { StepsBetweenRounds = steps, RoundsPerEpoch = null }, batches).Rounds;
    }
}
