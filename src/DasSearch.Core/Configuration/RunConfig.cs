using System.Globalization;

namespace DasSearch.Core.Configuration;

/// <summary>All settings of one search, checked one by one when set and together by <see cref="CheckAgainst"/>.</summary>
/// <remarks>A file of settings is read at the edge of the program; nothing here knows files.</remarks>
public sealed record RunConfig : ISettings<RunConfig>
{
    /// <summary>What the run is called; not empty.</summary>
    public string Name { get; init => field = Check.NotEmpty(value, "name"); } = "search";

    /// <summary>The downstream task, such as <c>fashionvl-vqa</c>.</summary>
    [Setting(Example = "fashionvl-vqa")]
    public required string Task { get; init => field = Check.NotEmpty(value, "task"); }

    /// <summary>The backbone, such as <c>vilt</c>.</summary>
    [Setting(Example = "vilt")]
    public required string Backbone { get; init => field = Check.NotEmpty(value, "backbone"); }

    /// <summary>The backbone's checkpoint, as a path relative to the configuration's folder; null starts from fresh weights.</summary>
    public string? Checkpoint { get; init => field = Check.NotEmptyOrNull(value, "checkpoint"); }

    /// <summary>Where tensors live: <c>cpu</c>, <c>cuda</c>, or by default <c>auto</c> for the best there is.</summary>
    public string Device { get; init => field = Check.NotEmpty(value, "device"); } = "auto";

    /// <summary>Threads within an operation; 0, the default, is one for every core, and a new run records how many that are.</summary>
    public int Threads { get; init => field = Check.Threads(value); }

    /// <summary>What frozen weights and fast validation compute in; <c>float32</c> by default.</summary>
    public Precision Precision { get; init => field = Check.Known(value, "precision"); } = Precision.Float32;

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

    /// <summary>The data set's folder, of a task that reads one.</summary>
    public DataConfig Data { get; init => field = NotNull(value, "data"); } = new();

    /// <summary>The bandit.</summary>
    public ControllerConfig Controller { get; init => field = NotNull(value, "controller"); } = new();

    /// <summary>The search's schedule and training.</summary>
    public SearchConfig Search { get; init => field = NotNull(value, "search"); } = new();

    /// <summary>When the search may end early.</summary>
    public StopConfig Stop { get; init => field = NotNull(value, "stop"); } = new();

    /// <summary>Fast validation.</summary>
    public ValidationConfig Validation { get; init => field = NotNull(value, "validation"); } = new();

    /// <summary>The transfer method that the subnetworks are trained with.</summary>
    public MethodConfig Method { get; init => field = NotNull(value, "method"); } = new();

    /// <summary>The adapters.</summary>
    public AdapterConfig Adapters { get; init => field = NotNull(value, "adapters"); } = new();

    /// <summary>The training of the planned network.</summary>
    public TrainingConfig Training { get; init => field = NotNull(value, "training"); } = new();

    /// <summary>What the planned network learns from a trained one besides.</summary>
    public DistillationConfig Distillation { get; init => field = NotNull(value, "distillation"); } = new();

    /// <inheritdoc/>
    public static RunConfig Defaults(string? fileName) =>
        new() { Task = "any", Backbone = "any", Name = fileName ?? "search" };

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Preset => Presets.Of(Compat);

    /// <inheritdoc/>
    public RunConfig OnMachine(int cores) => Threads == 0 ? this with { Threads = cores } : this;

    /// <inheritdoc/>
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
    /// <exception cref="ConfigException">A subnetwork would keep nothing.</exception>
    public void CheckAgainst(int modules)
    {
        if (Budget.Macs is null && Skip >= modules)
        {
            throw new ConfigException("skip", $"must be from 1 to {modules - 1}, since {Backbone} has {modules} modules, not {Skip}");
        }
    }

    /// <summary>Checks the search's schedule against its samples: one that could learn nothing is refused before it begins, with the number that would do.</summary>
    /// <param name="training">Samples of the training split.</param>
    /// <param name="validation">Samples of the validation split.</param>
    /// <exception cref="ConfigException">There would be no round, weights would never change, or a batch is larger than its split.</exception>
    public void CheckSearch(int training, int validation)
    {
        if (Search.WarmUpBatches is null && Search.WarmUpEpochs >= Search.Epochs)
        {
            throw new ConfigException(
                "search.warm_up_epochs",
                $"must be below search.epochs, which is {Search.Epochs}, to leave an epoch for rounds, not {Search.WarmUpEpochs}");
        }

        if (Stop is { Error: null, Tolerance: not null })
        {
            throw new ConfigException("stop.tolerance", "goes with stop.error, without which the search does not end early");
        }

        if (Search.Samples is { } samples)
        {
            samples = Check.AtLeast(Check.AtMost(samples, training, "search.samples", "the samples of the training split"), Search.BatchSize, "search.samples");
            training = samples / Search.BatchSize * Search.BatchSize;
        }

        var batches = Batches(Check.AtMost(Search.BatchSize, training, "search.batch_size", "the samples of the training split"), training);
        var scored = Check.AtMost(Validation.BatchSize ?? Search.BatchSize, validation, "validation.batch_size", "the samples of the validation split");
        if (Validation.Samples is { } looked)
        {
            Check.AtLeast(Check.AtMost(looked, validation, "validation.samples", "the samples of the validation split"), scored, "validation.samples");
        }

        if (Search.WarmUpBatches is { } warmUp)
        {
            Check.AtMost(warmUp, (Search.Epochs * batches) - 1, "search.warm_up_batches", "the batches of the search but one, for a round to come");
        }

        Check.AtMost(
            Search.StepsBetween((int)batches),
            (Search.Epochs * batches) - Search.WarmUp((int)batches),
            "search.steps_between_rounds",
            "the batches after warm-up, for a round to come");
        Check.AtMost(Search.AccumulatedBatches, Search.Epochs * batches, "search.accumulated_batches", "the batches of the search, for its weights to change");
    }

    /// <summary>Checks the training of a planned network likewise.</summary>
    /// <param name="training">Samples of the training split.</param>
    /// <exception cref="ConfigException">Weights would hardly change, or a batch is larger than the split.</exception>
    public void CheckTraining(int training)
    {
        var size = Check.AtMost(Training.BatchSize ?? Search.BatchSize, training, "training.batch_size", "the samples of the training split");
        if (Training.Samples is { } samples)
        {
            samples = Check.AtLeast(Check.AtMost(samples, training, "training.samples", "the samples of the training split"), size, "training.samples");
            training = samples / size * size;
        }

        Check.AtMost(Search.AccumulatedBatches, Training.Epochs * Batches(size, training), "search.accumulated_batches", "the batches of the training");
    }

    private static long Batches(int size, int samples) => (samples + (long)size - 1) / size;

    private static T NotNull<T>(T? section, string key)
        where T : class => section ?? throw new ConfigException(key, "must not be empty");
}

/// <summary>How much a subnetwork saves, where that and not a number of modules is asked for.</summary>
public sealed record BudgetConfig
{
    /// <summary>The change of multiply-accumulates in percent of the untouched model's, adapters counted: below 0, above −100. Null, the default, for none.</summary>
    [Setting(IsPercent = true)]
    public double? Macs { get; init => field = Check.SavingOrNull(value, "budget.macs"); }
}

/// <summary>What holds for every subnetwork of a search.</summary>
public sealed record ConstraintsConfig
{
    /// <summary>Indices of modules that are never skipped, with commas between them; null, the default, for none.</summary>
    public string? Never { get; init => field = Listed(value) is null ? null : value; }

    /// <summary>How many modules of each stream are kept at least; at least 1. Null, the default, asks for none.</summary>
    public int? KeptPerStream { get; init => field = Check.AtLeastOrNull(value, 1, "constraints.kept_per_stream"); }

    /// <summary>How many modules of a stream, one after the other, are skipped at most; at least 1. Null, the default, for any number.</summary>
    public int? MostInARow { get; init => field = Check.AtLeastOrNull(value, 1, "constraints.most_in_a_row"); }

    /// <summary>Indices of modules that are never skipped.</summary>
    public IReadOnlyList<int> NeverSkipped => Listed(Never) ?? [];

    private static List<int>? Listed(string? text)
    {
        if (text is null)
        {
            return null;
        }

        List<int> modules = [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new ConfigException("constraints.never", $"must be indices of modules such as 0,11, not '{text}'"))];
        return modules.GroupBy(static module => module).FirstOrDefault(static same => same.Count() > 1) is { } twice
            ? throw new ConfigException("constraints.never", $"has module {twice.Key} twice: '{text}'")
            : modules;
    }
}

/// <summary>Sizes of a backbone. What is left open the checkpoint decides, or without one the backbone's own default.</summary>
/// <remarks>A size that is given must be the checkpoint's: another one is an error.</remarks>
public sealed record ModelConfig
{
    /// <summary>Width of a token's vector; at least 1.</summary>
    public int? Width { get; init => field = Check.AtLeastOrNull(value, 1, "model.width"); }

    /// <summary>Number of layers; at least 1.</summary>
    public int? Layers { get; init => field = Check.AtLeastOrNull(value, 1, "model.layers"); }

    /// <summary>Attention heads; a divisor of the width.</summary>
    public int? Heads { get; init => field = Check.AtLeastOrNull(value, 1, "model.heads"); }

    /// <summary>Side of a patch in pixels.</summary>
    public int? PatchSize { get; init => field = Check.AtLeastOrNull(value, 1, "model.patch_size"); }

    /// <summary>Probability of dropout; from 0 up to, without, 1.</summary>
    public double? Dropout { get; init => field = value is { } share ? Check.BelowOne(share, "model.dropout") : null; }

    /// <summary>The checkpoint of a CLIP that shows a decoder images, in the folder of the decoder's own or as a path in full; null where that one has it.</summary>
    public string? Vision { get; init => field = value is null ? null : Check.NotEmpty(value, "model.vision"); }

    /// <summary>What a backbone begins with that comes with trained weights, where no checkpoint is named; of METER-mini its encoder of texts, which a checkpoint names.</summary>
    public StartingWeights? Weights { get; init; }
}

/// <summary>What a backbone begins with.</summary>
public enum StartingWeights
{
    /// <summary>The weights that it comes with.</summary>
    Trained,

    /// <summary>Random ones.</summary>
    Fresh,
}

/// <summary>A transfer method and its settings.</summary>
public sealed record MethodConfig
{
    /// <summary>Which method; <c>das</c> by default.</summary>
    public string Name { get; init => field = Check.NotEmpty(value, "method.name"); } = "das";

    /// <summary>Every other key of the section as it is written; the method itself says which it knows.</summary>
    public IReadOnlyDictionary<string, string> Options
    {
        get;
        init => field = new SortedDictionary<string, string>(value.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
    }
        = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public bool Equals(MethodConfig? other) => other is not null && Name == other.Name && Options.SequenceEqual(other.Options);

    public override int GetHashCode() => Options.Aggregate(Name.GetHashCode(StringComparison.Ordinal), HashCode.Combine);
}

/// <summary>The adapters of DAS (arXiv:2309.01479); defaults as in its code for ViLT.</summary>
public sealed record AdapterConfig
{
    /// <summary>Width of the adapter in place of a skipped module; at least 1, by default as in the authors' code for the backbone: 192, for METER 288, for LLaMA 32.</summary>
    public int? SkipBottleneck { get; init => field = value is { } width ? Check.AtLeast(width, 1, "adapters.skip_bottleneck") : null; }

    /// <summary>Width of the adapters beside the parts of a kept module; at least 1, by default as in that code: 96, for LLaMA 8.</summary>
    public int? ParallelBottleneck { get; init => field = value is { } width ? Check.AtLeast(width, 1, "adapters.parallel_bottleneck") : null; }

    /// <summary>What an adapter's output is multiplied by; positive, by default 1.</summary>
    public double Scale { get; init => field = Check.Positive(value, "adapters.scale"); } = 1;

    /// <summary>What stands in place of skipped modules, whatever the method: <c>das</c>, by default, <c>pia</c> or <c>none</c>.</summary>
    public string Replacement { get; init => field = Check.NotEmpty(value, "adapters.replacement"); } = "das";
}

/// <summary>Whose behaviour decides where the paper and its code differ.</summary>
/// <remarks>
/// What the official code does differently, and what becomes of it here: it scores in training mode, with dropout
/// (<see cref="Official"/> does); among EAS's gates those of image layers' attention to the text skip these layers' attention to
/// themselves (<see cref="Official"/> does, see <see cref="OfficialGates"/>); METER's gates ignore their learning rate (<c>controller.learning_rate</c> is 1, as in
/// effect there); every round sees the same batch (the default of <c>validation.batch</c>); equal gates are chosen in the
/// order of a sort (here by rule); the scoring batch pollutes training metrics (here it does not, which changes no result).
/// </remarks>
public enum Compatibility
{
    /// <summary>The paper's.</summary>
    Paper,

    /// <summary>The official code's.</summary>
    Official,

    /// <summary>The official code's for LaVIN: see <see cref="Presets"/>.</summary>
    Lavin,

    /// <summary>The official code's for LLaVA: see <see cref="Presets"/>.</summary>
    Llava,
}
