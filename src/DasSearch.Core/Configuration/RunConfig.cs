namespace DasSearch.Core.Configuration;

/// <summary>All settings of one search, checked one by one when set and together by <see cref="CheckAgainst"/>.</summary>
/// <remarks>A file of settings is read at the edge of the program; nothing here knows files.</remarks>
public sealed record RunConfig
{
    /// <summary>What the run is called; not empty.</summary>
    public string Name { get; init => field = Check.NotEmpty(value, "name"); } = "search";

    /// <summary>The downstream task, such as <c>fashionvl-vqa</c>.</summary>
    public required string Task { get; init => field = Check.NotEmpty(value, "task"); }

    /// <summary>The backbone, such as <c>vilt</c>.</summary>
    public required string Backbone { get; init => field = Check.NotEmpty(value, "backbone"); }

    /// <summary>The backbone's checkpoint, as a path relative to the configuration's folder; null starts from fresh weights.</summary>
    public string? Checkpoint { get; init => field = Check.NotEmptyOrNull(value, "checkpoint"); }

    /// <summary>Where tensors live: <c>cpu</c>, <c>cuda</c>, or by default <c>auto</c> for the best there is.</summary>
    public string Device { get; init => field = Check.NotEmpty(value, "device"); } = "auto";

    /// <summary>Threads within an operation; 0, the default, leaves the choice to libtorch.</summary>
    public int Threads { get; init => field = Check.AtLeast(value, 0, "threads"); }

    /// <summary>What every random stream derives from; any number, by default 0.</summary>
    public long Seed { get; init; }

    /// <summary>What can be skipped: whole layers, the default, or attention and feed-forward parts each on its own.</summary>
    public Granularity Granularity { get; init => field = Check.Known(value, "granularity"); } = Granularity.Layers;

    /// <summary>m, how many modules a subnetwork skips; at least 1, by default 4. Left aside where there is a budget.</summary>
    public int Skip { get; init => field = Check.AtLeast(value, 1, "skip"); } = 4;

    /// <summary>How much a subnetwork saves, in place of how many modules it skips.</summary>
    public BudgetConfig Budget { get; init => field = NotNull(value, "budget"); } = new();

    /// <summary>What is ruled out.</summary>
    public ConstraintsConfig Constraints { get; init => field = NotNull(value, "constraints"); } = new();

    /// <summary>Whose behaviour decides where the paper and its code differ; <c>paper</c> by default.</summary>
    public Compatibility Compat { get; init => field = Check.Known(value, "compat"); } = Compatibility.Paper;

    /// <summary>The backbone's sizes, where the checkpoint is not to decide.</summary>
    public ModelConfig Model { get; init => field = NotNull(value, "model"); } = new();

    /// <summary>The bandit.</summary>
    public ControllerConfig Controller { get; init => field = NotNull(value, "controller"); } = new();

    /// <summary>The search's schedule and training.</summary>
    public SearchConfig Search { get; init => field = NotNull(value, "search"); } = new();

    /// <summary>When the search may end early.</summary>
    public StopConfig Stop { get; init => field = NotNull(value, "stop"); } = new();

    /// <summary>Fast validation.</summary>
    public ValidationConfig Validation { get; init => field = NotNull(value, "validation"); } = new();

    /// <summary>The adapters.</summary>
    public AdapterConfig Adapters { get; init => field = NotNull(value, "adapters"); } = new();

    /// <summary>The training of the planned network.</summary>
    public TrainingConfig Training { get; init => field = NotNull(value, "training"); } = new();

    /// <summary>The same with nothing left open: every setting whose default depends on another has its value.</summary>
    public RunConfig Resolved() => this with
    {
        Stop = Stop.Resolved(),
        Validation = Validation with
        {
            Mode = Validation.Mode ?? (Compat == Compatibility.Official ? ValidationMode.Train : ValidationMode.Eval),
            BatchSize = Validation.BatchSize ?? Search.BatchSize,
        },
        Training = Training with
        {
            BatchSize = Training.BatchSize ?? Search.BatchSize,
            LearningRate = Training.LearningRate ?? Search.LearningRate,
        },
    };

    /// <summary>Checks what depends on more than one setting, and on the backbone; <see cref="Spaces.SearchSpace"/> checks the rest.</summary>
    /// <param name="modules">How many modules of the backbone can be skipped.</param>
    /// <exception cref="ConfigException">A subnetwork would keep nothing, or no epoch is left for rounds.</exception>
    public void CheckAgainst(int modules)
    {
        if (Budget.Macs is null && Skip >= modules)
        {
            throw new ConfigException("skip", $"must be from 1 to {modules - 1}, since {Backbone} has {modules} modules, not {Skip}");
        }

        if (Search.WarmUpEpochs >= Search.Epochs)
        {
            throw new ConfigException(
                "search.warm_up_epochs",
                $"must be below search.epochs, which is {Search.Epochs}, to leave an epoch for rounds, not {Search.WarmUpEpochs}");
        }
    }

    private static T NotNull<T>(T? section, string key)
        where T : class => section ?? throw new ConfigException(key, "must not be empty");
}
