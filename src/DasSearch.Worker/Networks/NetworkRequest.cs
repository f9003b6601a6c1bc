using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Transfer;
using static TorchSharp.torch;

namespace DasSearch.Worker.Networks;

/// <summary>What a network is built from.</summary>
public sealed record NetworkRequest
{
    private const string SeedName = "network";

    public required BackboneEntry Backbone { get; init; }

    /// <summary>What is put on the backbone, and what is trained.</summary>
    public required ITransferMethod Method { get; init; }

    public required IVisionLanguageTask Task { get; init; }

    /// <summary>The backbone's sizes where they were asked for.</summary>
    public ModelConfig Sizes { get; init; } = new();

    /// <summary>The checkpoint's path in full; null for fresh weights.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>What the method is to add.</summary>
    public TransferSettings Transfer { get; init; } = new();

    public Granularity Granularity { get; init; }

    /// <summary>What frozen Linears are stored in, and compute in, for training and for scores alike; all else is float32.</summary>
    public Precision Precision { get; init; }

    /// <summary>How likely a classifier of answers takes each to be at first: see <see cref="SearchConfig.AnswerPrior"/>.</summary>
    public double? AnswerPrior { get; init; }

    /// <summary>What a module that is to be skipped stands for.</summary>
    public Compatibility Compat { get; init; }

    /// <summary>Modules that are not to be built; null for none.</summary>
    public Subnetwork? Absent { get; init; }

    /// <summary>What the run's or the training's seed makes of fresh weights.</summary>
    public long Seed { get; init; }

    /// <summary>Where the network lives.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>How likely a sample of training is without a residual branch of the last block: see <see cref="BackboneRequest.DropPath"/>.</summary>
    public double DropPath { get; init; }

    /// <summary>Whether trained weights are put in place later, so that nothing has to be found out for what is attached.</summary>
    public bool IsRestored { get; init; }

    /// <summary>The network of the first stage as it was trained, which this one starts from; null for none.</summary>
    internal TransferNetwork? Previous { get; init; }

    /// <summary>Ends what a method finds out about the network.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>What frozen encoders gave before; null where that is not kept.</summary>
    public FeatureCache? Features { get; init; }

    /// <summary>Told, in a sentence, what is taken for granted of the backbone that nobody says.</summary>
    public Action<string> Note { get; init; } = static _ => { };

    /// <summary>What <see cref="Seed"/> gives to libtorch's generator.</summary>
    internal long GeneratorSeed => SeededRandom.Derive(Seed, SeedName).NextInt64();

    /// <summary>The supernet of a search.</summary>
    /// <param name="config">Its settings.</param>
    /// <param name="checkpoint">The checkpoint's path in full; null for fresh weights.</param>
    /// <param name="task">The task.</param>
    /// <param name="device">Where the network lives.</param>
    /// <param name="tables">What it can be made of; what comes with the tool by default.</param>
    /// <exception cref="DasSearchException">There is no such backbone or method.</exception>
    public static NetworkRequest Supernet(
        RunConfig config, string? checkpoint, IVisionLanguageTask task, Device device, PartTables? tables = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        tables ??= PartTables.BuiltIn;
        return new NetworkRequest
        {
            Backbone = tables.Backbones.Named(config.Backbone),
            Method = tables.Methods.Configured(config.Method),
            Task = task,
            Sizes = config.Model,
            Checkpoint = checkpoint,
            Transfer = new TransferSettings { Adapters = config.Adapters, Options = config.Method.Options },
            Granularity = config.Granularity,
            Precision = config.Precision,
            AnswerPrior = config.Search.AnswerPrior,
            Compat = config.Compat,
            Seed = config.Seed,
            Device = device,
        };
    }

    /// <summary>The network that is trained before this one; null where the method has no first stage.</summary>
    internal NetworkRequest? FirstStage => Method.Before(Transfer) is { } stage ? With(stage.Method) : null;

    /// <summary>The same backbone as it is, with what stands in place of skipped modules.</summary>
    internal NetworkRequest Bare() => With(new NothingTransfer());

    /// <summary>The same backbone as it is, whole, with a head for the task.</summary>
    public NetworkRequest Untouched() => this with { Method = new LinearTransfer(), Transfer = new TransferSettings(), Absent = null, DropPath = 0, Seed = 0 };

    /// <summary>The network of a plan, on the same backbone: without what it skips, and with what it lists for the method.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="keepsSizes">Whether sizes are the plan's; else they are those of the settings.</param>
    public NetworkRequest Planned(SkipPlan plan, long seed, bool keepsSizes = true)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var planned = Transfer.At(plan.Adapters);
        return this with
        {
            Transfer = planned with
            {
                Placed = keepsSizes && (plan.Method == Method.Name || plan.Result?.Method == Method.Name)
                    ? [.. planned.Placed!.Where(placement => placement.Type == Method.Name)]
                    : null,
                Replacing = !Method.Replaces ? [] : keepsSizes ? planned.Replacing : null,
                Absent = plan.Subnetwork,
            },
            Granularity = plan.Granularity,
            Compat = Compatibility.Paper, // a plan says what is skipped
            Absent = plan.Subnetwork,
            Seed = seed,
        };
    }

    private NetworkRequest With(ITransferMethod method) => this with
    {
        Method = method,
        Transfer = Transfer with { Options = new Dictionary<string, string>(), Placed = null, Replacing = Method.Replaces ? Transfer.Replacing : [] },
        IsRestored = false,
        Previous = null,
    };

    private sealed class NothingTransfer() : BackboneMethod("nothing", "what every method trains");
}
