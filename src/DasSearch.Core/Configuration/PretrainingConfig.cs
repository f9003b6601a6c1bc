namespace DasSearch.Core.Configuration;

/// <summary>All settings of one pre-training; the defaults are those of the small ViLT that is shipped for FashionVL.</summary>
public sealed record PretrainingConfig : ISettings<PretrainingConfig>
{
    /// <summary>The checkpoint to write, a safetensors file, as a path relative to the configuration's folder; not empty.</summary>
    [Setting(Example = "vilt.safetensors")]
    public required string Output { get; init => field = Check.NotEmpty(value, "output"); }

    /// <summary>The benchmark whose scenes and captions are learnt from; by default <c>fashionvl</c>.</summary>
    public string Benchmark { get; init => field = Check.NotEmpty(value, "benchmark"); } = "fashionvl";

    /// <summary>Where tensors live: <c>cpu</c>, <c>cuda</c>, or by default <c>auto</c> for the best there is.</summary>
    public string Device { get; init => field = Check.NotEmpty(value, "device"); } = "auto";

    /// <summary>Threads within an operation; 0, the default, is one for every core.</summary>
    public int Threads { get; init => field = Check.Threads(value); }

    /// <summary>What every random stream derives from; any number, by default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The backbone's sizes.</summary>
    public PretrainedModelConfig Model { get; init; } = new();

    /// <summary>The schedule.</summary>
    public PretrainingScheduleConfig Training { get; init; } = new();

    /// <summary>Held-out figures along the way.</summary>
    public PretrainingEvaluationConfig Evaluation { get; init; } = new();

    /// <inheritdoc/>
    public static PretrainingConfig Defaults(string? fileName) => new() { Output = "any" };

    /// <summary>Checks what depends on more than one setting.</summary>
    /// <exception cref="ConfigException">A part of what is to be learnt never would be.</exception>
    public void CheckTraining()
    {
        Check.AtLeast(Training.Steps, 1, "training.steps");
        if ((Training.LabelSmoothing is not null ? "training.label_smoothing" : Training.DropPath is not null ? "training.drop_path" : null) is { } key)
        {
            throw new ConfigException(key, "is for classifiers of images, and captioned scenes have no classes: leave it out");
        }

        if (Training.WordSteps >= Training.Steps)
        {
            throw new ConfigException(
                "training.word_steps", $"must be below training.steps, which is {Training.Steps}, for matching to be learnt, too, not {Training.WordSteps}");
        }
    }

    /// <inheritdoc/>
    public PretrainingConfig Resolved() => this;

    /// <inheritdoc/>
    public PretrainingConfig OnMachine(int cores) => Threads == 0 ? this with { Threads = cores } : this;
}

/// <summary>A backbone to be pre-trained, and its sizes; what the data fixes (vocabulary, text length, image size) is not asked for.</summary>
public sealed record PretrainedModelConfig
{
    /// <summary>Which backbone; <c>vilt</c> by default.</summary>
    public string Backbone { get; init => field = Check.NotEmpty(value, "model.backbone"); } = "vilt";

    /// <summary>Width of a token's vector; at least 1.</summary>
    public int Width { get; init => field = Check.AtLeast(value, 1, "model.width"); } = 96;

    /// <summary>Number of blocks, or of METER's pairs of layers; at least 1.</summary>
    public int Layers { get; init => field = Check.AtLeast(value, 1, "model.layers"); } = 12;

    /// <summary>Attention heads; a divisor of the width.</summary>
    public int Heads { get; init => field = Check.AtLeast(value, 1, "model.heads"); } = 3;

    /// <summary>Side of a patch in pixels, a divisor of the image's side; of ViLT alone.</summary>
    public int PatchSize { get; init => field = Check.AtLeast(value, 1, "model.patch_size"); } = 14;

    /// <summary>Probability of dropout; from 0 up to, without, 1.</summary>
    public double Dropout { get; init => field = Check.BelowOne(value, "model.dropout"); }

    /// <summary>Of METER-mini: whether its frozen encoder of texts has the weights that others trained, as by default, or random ones.</summary>
    public StartingWeights? Weights { get; init; }
}

/// <summary>How a backbone is pre-trained: AdamW with linear warm-up and decay to 0.</summary>
public sealed record PretrainingScheduleConfig
{
    /// <summary>Optimizer steps; at least 1, or 0 where a compression is to do without.</summary>
    public int Steps { get; init => field = Check.AtLeast(value, 0, "training.steps"); } = 6000;

    /// <summary>
    /// The first steps, which only find hidden words, in captions that name every cell by its position; at least 0. To
    /// find out where things are is easier there; matching and all other captions follow.
    /// </summary>
    public int WordSteps { get; init => field = Check.AtLeast(value, 0, "training.word_steps"); }

    /// <summary>Scenes a step; at least 1.</summary>
    public int BatchSize { get; init => field = Check.AtLeast(value, 1, "training.batch_size"); } = 64;

    /// <summary>
    /// Different images of training, which come again with other captions, so that frozen encoders read each but once; at least 0,
    /// by default 0 for one a sample.
    /// </summary>
    public int Scenes { get; init => field = Check.AtLeast(value, 0, "training.scenes"); }

    /// <summary>
    /// Different samples of training, images with captions and hidden words, which come again in turn, so that frozen encoders read texts but
    /// once, too; at least 0, by default 0 for ever new ones.
    /// </summary>
    public int Samples { get; init => field = Check.AtLeast(value, 0, "training.samples"); }

    /// <summary>The highest learning rate; positive.</summary>
    public double LearningRate { get; init => field = Check.Positive(value, "training.learning_rate"); } = 1e-3;

    /// <summary>Decay of weights, but not of biases and norms; at least 0.</summary>
    public double WeightDecay { get; init => field = Check.NotNegative(value, "training.weight_decay"); } = 0.01;

    /// <summary>Steps of warm-up; at least 0.</summary>
    public int WarmUpSteps { get; init => field = Check.AtLeast(value, 0, "training.warm_up_steps"); } = 200;

    /// <summary>How the learning rate falls after that; null, the default, for along a line.</summary>
    public RateDecay? Decay { get; init => field = value is { } decay ? Check.Known(decay, "training.decay") : null; }

    /// <summary>Of classifiers: see <see cref="TrainingConfig.LabelSmoothing"/>.</summary>
    public double? LabelSmoothing { get; init => field = value is { } share ? Check.BelowOne(share, "training.label_smoothing") : null; }

    /// <summary>Of classifiers: see <see cref="TrainingConfig.DropPath"/>.</summary>
    public double? DropPath { get; init => field = value is { } share ? Check.BelowOne(share, "training.drop_path") : null; }

    /// <summary>The norm that gradients are clipped to; positive.</summary>
    public double ClipNorm { get; init => field = Check.Positive(value, "training.clip_norm"); } = 1;

    /// <summary>The probability with which a word is to be predicted; positive, at most 1. BERT has 0.15.</summary>
    public double MaskingRate
    {
        get;
        init => field = Check.Positive(Check.Fraction(value, "training.masking_rate"), "training.masking_rate");
    }
        = 0.3;

    /// <summary>
    /// The same for the words of things' names, which an image tells and a text does not (as in Bitton et al., arXiv:2109.02040); by
    /// default no other.
    /// </summary>
    public double? NameMaskingRate
    {
        get;
        init => field = value is { } rate ? Check.Positive(Check.Fraction(rate, "training.name_masking_rate"), "training.name_masking_rate") : null;
    }

    /// <summary>
    /// Share, at the start, of false captions that tell of an unrelated scene instead of one attribute; from 0 to 1. It
    /// falls linearly to 0 in <see cref="EasySteps"/>.
    /// </summary>
    public double EasyShare { get; init => field = Check.Fraction(value, "training.easy_share"); } = 0.5;

    /// <summary>The first steps, in which there are easy false captions; at least 1, by default half of all.</summary>
    public int? EasySteps { get; init => field = value is { } steps ? Check.AtLeast(steps, 1, "training.easy_steps") : null; }

    /// <summary>
    /// The weight in the loss of telling word by word, where a scene's two captions differ, which word its image bears out; at least 0, by
    /// default 0 for captions as wholes alone. ELECTRA (arXiv:2003.10555) tells exchanged words by the text; a word at a time is learnt from
    /// sooner than one answer a caption.
    /// </summary>
    public double WordMatching { get; init => field = Check.NotNegative(value, "training.word_matching"); }

    /// <summary>
    /// The weight in the loss of telling, by the summary of text and image, the words in which a scene's two captions differ, hidden from the
    /// true one; at least 0, by default 0 for a summary that learns from matching alone. Tasks' heads read the summary, and Condenser
    /// (arXiv:2104.08253) lets it find hidden words for that reason.
    /// </summary>
    public double SummaryWords { get; init => field = Check.NotNegative(value, "training.summary_words"); }
}

/// <summary>When held-out figures are taken, and the state is saved from which a run can be resumed.</summary>
public sealed record PretrainingEvaluationConfig
{
    /// <summary>Steps from one evaluation to the next; at least 1.</summary>
    public int Every { get; init => field = Check.AtLeast(value, 1, "evaluation.every"); } = 250;

    /// <summary>Held-out scenes of one evaluation along the way; at least 1.</summary>
    public int Samples { get; init => field = Check.AtLeast(value, 1, "evaluation.samples"); } = 1024;

    /// <summary>Scenes of the last evaluation, on the validation and on the test split; at least 1.</summary>
    public int FinalSamples { get; init => field = Check.AtLeast(value, 1, "evaluation.final_samples"); } = 10_000;
}
