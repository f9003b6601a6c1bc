using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>What a network is built from.</summary>
/// <param name="Backbone">The backbone's name in its table.</param>
/// <param name="Sizes">The backbone's sizes where they were asked for.</param>
/// <param name="Checkpoint">The checkpoint's path in full; null for fresh weights.</param>
/// <param name="Task">What the task is like.</param>
/// <param name="Method">What is put on the backbone, and what is trained.</param>
/// <param name="Placements">The adapters, once the backbone's modules are known.</param>
/// <param name="Granularity">What a module is; where <paramref name="Absent"/> is given, the number of modules there decides.</param>
/// <param name="Absent">Modules that are not to be built; null for none.</param>
/// <param name="Seed">The seed of fresh weights.</param>
/// <param name="Device">Where the network lives.</param>
public sealed record NetworkRequest(
    string Backbone,
    ModelConfig Sizes,
    string? Checkpoint,
    TaskFacts Task,
    ITransferMethod Method,
    Func<BackboneDescription, IReadOnlyList<AdapterPlacement>> Placements,
    Granularity Granularity,
    Subnetwork? Absent,
    long Seed,
    Device Device)
{
    private const string SeedName = "network";

    /// <summary>The supernet of a search.</summary>
    /// <param name="config">Its settings.</param>
    /// <param name="checkpoint">The checkpoint's path in full; null for fresh weights.</param>
    /// <param name="task">What the task is like.</param>
    /// <param name="device">Where the network lives.</param>
    public static NetworkRequest Supernet(RunConfig config, string? checkpoint, TaskFacts task, Device device)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new NetworkRequest(
            config.Backbone,
            config.Model,
            checkpoint,
            task,
            new DasTransfer(),
            backbone => DasPlacement.OfSupernet(backbone.Parts, config.Adapters),
            config.Granularity,
            Absent: null,
            SeedOf(config.Seed),
            device);
    }

    /// <summary>The backbone as it is, with a head for the task.</summary>
    /// <param name="backbone">The backbone's name in its table.</param>
    /// <param name="sizes">The backbone's sizes where they were asked for.</param>
    /// <param name="checkpoint">The checkpoint's path in full; null for fresh weights.</param>
    /// <param name="task">What the task is like.</param>
    /// <param name="modules">How many modules it is to have: its layers, or their parts.</param>
    /// <param name="device">Where the network lives.</param>
    public static NetworkRequest Untouched(
        string backbone, ModelConfig sizes, string? checkpoint, TaskFacts task, int modules, Device device) => new(
        backbone, sizes, checkpoint, task, new LinearTransfer(), static _ => [], Granularity.Layers, Subnetwork.Whole(modules), SeedOf(0), device);

    /// <summary>The network of a plan, without what it skips.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="method">What is put on the backbone, and what is trained.</param>
    /// <param name="sizes">The backbone's sizes where they were asked for.</param>
    /// <param name="checkpoint">The checkpoint's path in full; null for fresh weights.</param>
    /// <param name="task">What the task is like.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="device">Where the network lives.</param>
    public static NetworkRequest Planned(
        SkipPlan plan, ITransferMethod method, ModelConfig sizes, string? checkpoint, TaskFacts task, long seed, Device device)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new NetworkRequest(
            plan.Backbone, sizes, checkpoint, task, method, _ => plan.Adapters, Granularity.Layers, plan.Subnetwork, SeedOf(seed), device);
    }

    private static long SeedOf(long seed) => SeededRandom.Derive(seed, SeedName).NextInt64();
}
