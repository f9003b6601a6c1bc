using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Exports;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.App.Analyses;

/// <summary>A trained plan, whose network can be built.</summary>
internal sealed class AnalysedPlan
{
    private readonly AppEnvironment _environment;
    private readonly PlannedWork _work;
    private readonly string _weights;
    private readonly Device _device;

    private AnalysedPlan(AppEnvironment environment, PlannedWork work, string weights, Device device, IVisionLanguageTask task) =>
        (_environment, _work, _weights, _device, Task) = (environment, work, weights, device, task);

    internal IVisionLanguageTask Task { get; }

    /// <summary>The method that it was trained with.</summary>
    internal string Method => _work.Settings.Values.Method.Name;

    internal Subnetwork Skipped => _work.Plan.Subnetwork;

    /// <summary>Finds all that belongs to it.</summary>
    /// <exception cref="DasSearchException">It is not trained, or something is missing.</exception>
    internal static AnalysedPlan Open(AppEnvironment environment, PlanSource source)
    {
        var work = PlannedWork.Open(environment, source);
        var weights = new PlanFiles(work.Plan, source.Plan, source.Database).Trained();
        var config = work.Settings.Values;
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        return new AnalysedPlan(environment, work, weights, device, environment.OpenTask(work.Settings, work.Plan.Result!.Seed));
    }

    /// <summary>The samples that are asked for, as far as there are so many.</summary>
    internal SampleBatches Samples(AnalysisRequest request) =>
        new(Task, Split.Validation, Math.Min(request.Samples, Task.Facts.SizeOf(Split.Validation)), AnalysisWork.BatchSize);

    /// <summary>Its network.</summary>
    internal TransferNetwork Trained()
    {
        var network = Untrained();
        try
        {
            Load(network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Its network before it was trained.</summary>
    internal TransferNetwork Untrained() => TransferNetwork.Build(_work.Planned(_environment, Task, _device, _work.Plan.Result!.Seed) with { IsRestored = true });

    /// <summary>Puts what it was trained to into its network.</summary>
    internal void Load(TransferNetwork network) => TrainedWeights.Load(network, _weights);

    /// <summary>Its backbone as it is, or that of another checkpoint.</summary>
    internal TransferNetwork Untouched(string? checkpoint = null)
    {
        var request = _work.Request(_environment, Task, _device).Untouched();
        return TransferNetwork.Build(checkpoint is null ? request : request with { Checkpoint = checkpoint });
    }
}
