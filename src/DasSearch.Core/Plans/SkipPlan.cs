namespace DasSearch.Core.Plans;

/// <summary>Which modules of a backbone to skip for a task, and which adapters stand where.</summary>
public sealed record SkipPlan
{
    /// <summary>The version of the contract that <c>plan.json</c> names.</summary>
    public const string Schema = "das-search/skip-plan/2";

    /// <summary>The transfer method of plans that were made before they said one.</summary>
    public const string DefaultMethod = "das";

    /// <summary>Makes a plan.</summary>
    /// <param name="backbone">The backbone, such as <c>vilt</c>.</param>
    /// <param name="task">The task, such as <c>fashionvl-vqa</c>.</param>
    /// <param name="modules">How many modules the backbone has, at least 1.</param>
    /// <param name="granularity">What a module is: whole layers, or their parts.</param>
    /// <param name="provenance">Where the plan comes from.</param>
    /// <param name="skip">The skipped modules, by ascending index, each once, and of the granularity's kinds.</param>
    /// <param name="adapters">The adapters: only skipped modules are replaced, only kept ones have anything beside or behind.</param>
    /// <param name="accounting">What the plan costs and saves; null for one that nobody has counted, such as an imported one.</param>
    /// <param name="result">What it was worth once trained; null before.</param>
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
        Backbone = backbone;
        Task = task;
        Modules = modules;
        Granularity = granularity;
        Provenance = provenance;
        Skip = [.. skip];
        Adapters = [.. adapters];
        Accounting = accounting;
        Result = result;
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

            if ((kind == ModuleKind.Whole) != (granularity == Granularity.Layers))
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
