namespace DasSearch.Core.Configuration;

/// <summary>All settings of one compression by PELA (arXiv:2310.10700): factors of a low rank, and intermediate training of them.</summary>
public sealed record CompressionConfig : ISettings<CompressionConfig>
{
    /// <summary>The checkpoint to compress, as a path relative to the configuration's folder; not empty.</summary>
    [Setting(Example = "vilt.safetensors")]
    public required string Checkpoint { get; init => field = Check.NotEmpty(value, "checkpoint"); }

    /// <summary>The checkpoint to write, a safetensors file, as a path relative to the configuration's folder; not empty.</summary>
    [Setting(Example = "vilt-low-rank.safetensors")]
    public required string Output { get; init => field = Check.NotEmpty(value, "output"); }

    /// <summary>The benchmark whose scenes and captions intermediate training learns from; by default <c>fashionvl</c>.</summary>
    public string Benchmark { get; init => field = Check.NotEmpty(value, "benchmark"); } = "fashionvl";

    /// <summary>
    /// The task whose classes a classifier of images is trained on to tell, such as <c>photos</c>; null, the default, where the checkpoint is trained on as it was
    /// pre-trained, or not at all.
    /// </summary>
    public string? Task { get; init => field = Check.NotEmptyOrNull(value, "task"); }

    /// <summary>The task's folder.</summary>
    public DataConfig Data { get; init; } = new();

    /// <summary>Where tensors live: <c>cpu</c>, <c>cuda</c>, or by default <c>auto</c> for the best there is.</summary>
    public string Device { get; init => field = Check.NotEmpty(value, "device"); } = "auto";

    /// <summary>Threads within an operation; 0, the default, is one for every core.</summary>
    public int Threads { get; init => field = Check.Threads(value); }

    /// <summary>What every random stream derives from; any number, by default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The backbone's sizes, where the checkpoint does not say.</summary>
    public ModelConfig Model { get; init; } = new();

    /// <summary>The factors, and the terms of the loss that hold them to the original.</summary>
    public FactorsConfig Compress { get; init; } = new();

    /// <summary>The schedule of intermediate training, on the pre-training's or the task's data; with <c>training.steps</c> of 0 the factors are left as they are.</summary>
    public PretrainingScheduleConfig Training { get; init; } = new() { Steps = 2000, LearningRate = 3e-4, EasyShare = 0 };

    /// <summary>Held-out figures along the way.</summary>
    public PretrainingEvaluationConfig Evaluation { get; init; } = new();

    /// <inheritdoc/>
    public static CompressionConfig Defaults(string? fileName) => new() { Checkpoint = "any", Output = "any" };

    /// <inheritdoc/>
    public CompressionConfig Resolved() => this;

    /// <inheritdoc/>
    public CompressionConfig OnMachine(int cores) => Threads == 0 ? this with { Threads = cores } : this;

    /// <summary>Checks the training of a classifier.</summary>
    /// <param name="samples">Samples of the training split.</param>
    /// <exception cref="ConfigException">A batch is larger than the split, or something is set that is of captions.</exception>
    public void CheckTraining(int samples)
    {
        var usual = Defaults(null).Training;
        (string Key, bool IsSet)[] captions =
        [
            ("word_steps", Training.WordSteps != usual.WordSteps),
            ("scenes", Training.Scenes != usual.Scenes),
            ("samples", Training.Samples != usual.Samples),
            ("masking_rate", Training.MaskingRate != usual.MaskingRate),
            ("name_masking_rate", Training.NameMaskingRate is not null),
            ("easy_share", Training.EasyShare != usual.EasyShare),
            ("easy_steps", Training.EasySteps is not null),
            ("word_matching", Training.WordMatching != usual.WordMatching),
            ("summary_words", Training.SummaryWords != usual.SummaryWords),
        ];
        if (captions.FirstOrDefault(static each => each.IsSet).Key is { } key)
        {
            throw new ConfigException($"training.{key}", "is for pre-training on captions, and a classifier of images has none: leave it out");
        }

        Check.AtMost(Training.BatchSize, samples, "training.batch_size", "the samples of the training split");
    }

    /// <summary>The pre-training whose data and schedule intermediate training takes.</summary>
    public PretrainingConfig Pretraining() =>
        new() { Output = Output, Benchmark = Benchmark, Device = Device, Threads = Threads, Seed = Seed, Training = Training, Evaluation = Evaluation };
}

/// <summary>How Linears are made two of a low rank, and what holds them to what they were: L = L_base + α L_fd + β L_rwp (eq. 7).</summary>
/// <remarks>The weights of the terms are those of the authors' code for a vision-language model (ALBEF).</remarks>
public sealed record FactorsConfig
{
    /// <summary>κ, how many times fewer parameters and multiply-accumulates each Linear has; at least 1, by default 2.</summary>
    public double Kappa
    {
        get;
        init => field = value >= 1 && double.IsFinite(value) ? value : throw new ConfigException("compress.kappa", $"must be finite and at least 1, not {value}");
    }
        = 2;

    /// <summary>Parts of names, with commas between them: Linears whose name contains one stay as they are, such as <c>attn.proj</c>. Null, the default, for none.</summary>
    public string? Keep { get; init => field = Check.NotEmptyOrNull(value, "compress.keep"); }

    /// <summary>α, the weight of feature distillation; at least 0, by default 0.1.</summary>
    public double Alpha { get; init => field = Check.NotNegative(value, "compress.alpha"); } = 0.1;

    /// <summary>How features are compared; <c>code</c> by default.</summary>
    public FeatureForm Features { get; init => field = Check.Known(value, "compress.features"); }

    /// <summary>β, the weight of what regularises the weights' perturbation; at least 0, by default 1.</summary>
    public double Beta { get; init => field = Check.NotNegative(value, "compress.beta"); } = 1;

    /// <summary>ε, the perturbation of a weight that is allowed; at least 0, by default 0.001.</summary>
    public double Epsilon { get; init => field = Check.NotNegative(value, "compress.epsilon"); } = 1e-3;

    /// <summary>How weights are compared; <c>code</c> by default.</summary>
    public PerturbationForm Weights { get; init => field = Check.Known(value, "compress.weights"); }

    /// <summary>The parts of names whose Linears stay as they are.</summary>
    public IReadOnlyList<string> Kept => Keep?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}

/// <summary>PELA's L_fd, over what each of N layers gives (arXiv:2310.10700, eq. 4).</summary>
public enum FeatureForm
{
    /// <summary>The authors' code: the mean of each layer's mean squared error.</summary>
    Code,

    /// <summary>The paper: 1/(2N) Σ ‖x_s − x_t‖², summed over tokens and channels, the mean over samples.</summary>
    Paper,
}

/// <summary>PELA's L_rwp, over layers k of a largest absolute perturbation p_k = max|Ŵ − W| (arXiv:2310.10700, eq. 5 and 6).</summary>
public enum PerturbationForm
{
    /// <summary>The authors' code: the mean of (p_k − ε)², which draws p_k up to ε, too.</summary>
    Code,

    /// <summary>The paper: Σ (p_k − ε), which goes on rewarding below ε.</summary>
    Paper,

    /// <summary>The mean of max(0, p_k − ε)², which asks for no more than the constraint.</summary>
    Hinge,
}
