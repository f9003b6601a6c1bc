namespace DasSearch.Core.Plans;

/// <summary>Which modules of a backbone to skip for a task, and which adapters stand where.</summary>
public sealed record SkipPlan
{
    /// <summary>The version of the contract that <c>plan.json</c> names.</summary>
    public const string Schema = "das-search/skip-plan/2";

    /// <summary>The transfer method of plans that were made before they said one.</summary>
    public const string DefaultMethod = "das";

    /// <exception cref="ArgumentException">The parts contradict each other.</exception>
    public SkipPlan(
        string backbone,
        string task,
        int modules,
        Granularity granularity,
        PlanProvenance provenance,
        IReadOnlyList<SkippedModule> skip,
        IReadOnlyList<AdapterPlacement> adapters,
        Accounting? accounting,
        PlanResult? result = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backbone);
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(modules, 1);
        ArgumentNullException.ThrowIfNull(provenance);
        ArgumentNullException.ThrowIfNull(skip);
        ArgumentNullException.ThrowIfNull(adapters);
        CheckSkip(skip, modules, granularity);
        CheckAdapters(skip, adapters);
        (Backbone, Task, Modules, Granularity, Provenance) = (backbone, task, modules, granularity, provenance);
        (Skip, Adapters, Accounting, Result) = ([.. skip], [.. adapters], accounting, result);
    }

    public string Backbone { get; }

    public string Task { get; }

    /// <summary>How many modules the backbone has.</summary>
    public int Modules { get; }

    /// <summary>What a module is: whole layers, or their parts.</summary>
    public Granularity Granularity { get; }

    /// <summary>The transfer method that it is for; <c>das</c> by default.</summary>
    public string Method
    {
        get;
        init => field = string.IsNullOrWhiteSpace(value) ? throw new ArgumentException("The method has a name.", nameof(value)) : value;
    }
        = DefaultMethod;

    public PlanProvenance Provenance { get; }

    /// <summary>The skipped modules, by ascending index.</summary>
    public IReadOnlyList<SkippedModule> Skip { get; }

    /// <summary>Only skipped modules are replaced, and only kept ones have anything beside or behind them.</summary>
    public IReadOnlyList<AdapterPlacement> Adapters { get; }

    /// <summary>What the plan costs and saves; null for one that nobody has counted.</summary>
    public Accounting? Accounting { get; init; }

    /// <summary>What it was worth once trained; null before.</summary>
    public PlanResult? Result { get; init; }

    /// <summary>The skipped modules as an argument of forward.</summary>
    public Subnetwork Subnetwork => new(Modules, Skip.Select(module => module.Index));

    private static void CheckSkip(IReadOnlyList<SkippedModule> skip, int modules, Granularity granularity)
    {
        for (var i = 0; i < skip.Count; i++)
        {
            var (index, name, kind) = (skip[i].Index, skip[i].Module, skip[i].Kind);
            ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof(skip));
            if (index < 0 || index >= modules)
            {
                throw new ArgumentException($"Module {name} has index {index}, but modules are numbered from 0 to {modules - 1}.", nameof(skip));
            }

            if (kind.IsLayer() != (granularity == Granularity.Layers))
            {
                throw new ArgumentException(
                    $"Module {name} is of kind {EnumNames.NameOf(kind)}, but the plan is of {EnumNames.NameOf(granularity)}.", nameof(skip));
            }

            if (i > 0 && index <= skip[i - 1].Index)
            {
                throw new ArgumentException($"Index {index} comes after {skip[i - 1].Index}, but indices ascend.", nameof(skip));
            }

            if (skip.Take(i).Any(other => other.Module == name))
            {
                throw new ArgumentException($"Module {name} is skipped twice.", nameof(skip));
            }
        }
    }

    private static void CheckAdapters(IReadOnlyList<SkippedModule> skip, IReadOnlyList<AdapterPlacement> adapters)
    {
        var skipped = skip.Select(module => module.Module).ToHashSet(StringComparer.Ordinal);
        var places = new HashSet<(string Module, Placement Placement, string Site)>();
        foreach (var adapter in adapters)
        {
            var replaces = adapter.Placement == Placement.Replace;
            if (replaces != skipped.Contains(adapter.Module))
            {
                throw new ArgumentException(
                    replaces
                        ? $"An adapter replaces {adapter.Module}, which is not skipped."
                        : $"An adapter is attached to {adapter.Module}, which is skipped.",
                    nameof(adapters));
            }

            if (!places.Add((adapter.Module, adapter.Placement, adapter.Site)))
            {
                throw new ArgumentException(
                    $"Two adapters of {adapter.Module} have the same place: {EnumNames.NameOf(adapter.Placement)}, {adapter.Site}.", nameof(adapters));
            }
        }
    }
}

/// <summary>A module that a plan skips.</summary>
/// <param name="Index">Its index among the backbone's modules, from 0.</param>
/// <param name="Module">Its name in the checkpoint.</param>
/// <param name="Kind">What part of a layer it is.</param>
/// <param name="Evidence">Why; null for a plan that no search has made.</param>
public sealed record SkippedModule(int Index, string Module, ModuleKind Kind, SkipEvidence? Evidence);

/// <summary>Why a module is skipped: the controller's gate and the rewards behind it.</summary>
/// <param name="Gate">Its gate at the end; unitless, high means redundant.</param>
/// <param name="Probability">How likely it was to be drawn at the end, from 0 to 1.</param>
/// <param name="Skipped">How many evaluations skipped it.</param>
/// <param name="MeanRewardSkipped">Their mean reward; null without any.</param>
/// <param name="MeanRewardKept">The mean reward of the others; null without any.</param>
/// <param name="StandardError">Standard error of the difference of the two means; null where it cannot be told.</param>
public sealed record SkipEvidence(
    double Gate,
    double Probability,
    long Skipped,
    double? MeanRewardSkipped,
    double? MeanRewardKept,
    double? StandardError)
{
    /// <summary>How much higher the mean reward is when the module is skipped; null where one of the means is missing.</summary>
    public double? Difference => MeanRewardSkipped - MeanRewardKept;
}

/// <summary>Where a plan comes from.</summary>
/// <param name="Run">The run's number in its database; null for a plan that no run has made.</param>
/// <param name="RunName">The run's name; null likewise.</param>
/// <param name="Seed">The run's seed; null likewise.</param>
/// <param name="ConfigSha256">SHA-256 of the resolved configuration; null likewise.</param>
/// <param name="ToolVersion">The version of das that wrote it.</param>
/// <param name="Checkpoint">The checkpoint's path as configured; null for fresh weights.</param>
/// <param name="CheckpointSha256">The checkpoint's SHA-256, which is checked before the plan is applied; null for fresh weights.</param>
public sealed record PlanProvenance(
    long? Run,
    string? RunName,
    long? Seed,
    string? ConfigSha256,
    string ToolVersion,
    string? Checkpoint,
    string? CheckpointSha256);

/// <summary>What a plan was worth once trained.</summary>
/// <param name="Method">The transfer method that it was trained with, such as <c>das</c>.</param>
/// <param name="Seed">The seed of the training.</param>
/// <param name="Epochs">Its epochs.</param>
/// <param name="Metrics">Figures on the test data, such as <c>test.accuracy</c>; finite.</param>
/// <param name="Latency">Measured latency; null where it was not measured.</param>
/// <param name="Weights">File of the trained parts, relative to the plan's folder; null where they were not kept.</param>
/// <param name="WeightsSha256">That file's SHA-256; null likewise.</param>
public sealed record PlanResult(
    string Method,
    long Seed,
    int Epochs,
    IReadOnlyDictionary<string, double> Metrics,
    PlanLatency? Latency,
    string? Weights,
    string? WeightsSha256)
{
    /// <summary>The method's settings that were given, by name.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A plan could not be read, written or applied.</summary>
/// <param name="message">The sentence that the user reads.</param>
/// <param name="innerException">The cause.</param>
public sealed class PlanException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
