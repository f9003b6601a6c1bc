using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Exports;
using DasSearch.Worker.Networks;

namespace DasSearch.App;

/// <summary>Evaluates a trained plan anew.</summary>
public static class PlanEvaluation
{
    /// <summary>Final figures by name, such as <c>test.accuracy</c>.</summary>
    /// <param name="environment">Where its task comes from.</param>
    /// <param name="source">Where the plan is.</param>
    /// <param name="split">The samples.</param>
    /// <param name="gallery">Images of the gallery for recall, where the task ranks; 0 for none.</param>
    /// <param name="told">Told what happens.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="DasSearchException">The plan was not trained, or what it needs is missing.</exception>
    public static SortedDictionary<string, double> Run(
        AppEnvironment environment, PlanSource source, Split split, int gallery, Action<string> told, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(source);
        var work = PlannedWork.Open(source);
        var weights = new PlanFiles(work.Plan, source.Plan).Trained();
        var result = work.Plan.Result!;
        var config = work.Settings.Values;
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var task = environment.OpenTask(config.Task, result.Seed);
        using var network = TransferNetwork.Build(work.Request(environment, task, device)
            .Planned(work.Plan, environment.Tables.Methods.Named(result.Method), result.Seed));
        TrainedWeights.Load(network, weights);
        return TestFigures.Take(
            network, task, split, work.Plan.Subnetwork, TrainingSession.BatchSize(config), gallery, told, cancellation);
    }
}
