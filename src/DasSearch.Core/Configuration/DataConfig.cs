namespace DasSearch.Core.Configuration;

/// <summary>The folder of a task that reads one, and how its texts and pictures are read.</summary>
public sealed record DataConfig
{
    /// <summary>The smallest and the largest side of an image that is accepted.</summary>
    private const int LeastSide = 8, MostSide = 2048;

    private const int MostTokens = 4096;

    /// <summary>The data set's folder, as a path relative to the configuration's folder; null, the default, for none.</summary>
    public string? Root { get; init => field = Check.NotEmptyOrNull(value, "data.root"); }

    /// <summary>Height and width of an image in pixels, from 8 to 2048; the shorter of the two where it has its own ratio. Null, the default, for the backbone's, or else 384.</summary>
    public int? Side { get; init => field = Between(value, LeastSide, MostSide, "data.side"); }

    /// <summary>Of which shape images are; null, the default, for square, and of VTAB-1K stretched.</summary>
    public PictureShape? Shape { get; init => field = value is { } known ? Check.Known(known, "data.shape") : null; }

    /// <summary>Tokens of a text, from 4 to 4096; what is longer loses its last ones. Null, the default, for ViLT's 40.</summary>
    public int? TextLength { get; init => field = Between(value, 4, MostTokens, "data.text_length"); }

    /// <summary>
    /// What makes ids of texts where the backbone brings nothing: a BERT's <c>vocab.txt</c>, a LLaMA's <c>tokenizer.model</c>, or a folder with a RoBERTa's
    /// <c>vocab.json</c> and <c>merges.txt</c>, as a path relative to the configuration's folder. Null, the default, for BERT's in lower case, which is ViLT's.
    /// </summary>
    public string? Tokenizer { get; init => field = Check.NotEmptyOrNull(value, "data.tokenizer"); }

    /// <summary>How the training split's pictures are varied; null, the default, for not at all.</summary>
    public Augmentation? Augment { get; init => field = value is { } known ? Check.Known(known, "data.augment") : null; }

    /// <summary>Images of VQAv2's val split that validation has, and as many the test; at least 1. Null, the default, for ViLT's 1,000.</summary>
    public int? HeldOut { get; init => field = Check.AtLeastOrNull(value, 1, "data.held_out"); }

    /// <summary>How often an answer of VQAv2 is the majority's to be in its vocabulary; at least 1. Null, the default, for 9, which gives 3,129 of them.</summary>
    public int? FewestAnswers { get; init => field = Check.AtLeastOrNull(value, 1, "data.fewest_answers"); }

    /// <summary>Which of VTAB-1K's lists is learnt from; null, the default, for that of tuning.</summary>
    public TrainingList? Lists { get; init => field = value is { } known ? Check.Known(known, "data.lists") : null; }

    /// <summary>Which classes of an image classification there are; null, the default, for all.</summary>
    public ClassHalf? Classes { get; init => field = value is { } known ? Check.Known(known, "data.classes") : null; }

    /// <summary>
    /// What is said of a picture of a class where a backbone tells classes by their names, with <c>{}</c> in place of the name. Null, the default, for CLIP's
    /// <c>a photo of a {}.</c>
    /// </summary>
    public string? Prompt
    {
        get;
        init => field = Check.NotEmptyOrNull(value, "data.prompt")?.Contains("{}", StringComparison.Ordinal) == false
            ? throw new ConfigException("data.prompt", $"must have {{}} in place of a class's name, such as 'a photo of a {{}}.', not '{value}'")
            : value;
    }

    /// <summary>What tells classes; null, the default, for their names where a backbone can go by them, and else for its authors' classifier.</summary>
    public ClassHead? Head { get; init => field = value is { } known ? Check.Known(known, "data.head") : null; }

    private static int? Between(int? value, int least, int most, string key) =>
        value is null || (value >= least && value <= most) ? value : throw new ConfigException(key, $"must be from {least} to {most}, not {value}");
}

/// <summary>Of which shape a picture is as a backbone sees it.</summary>
public enum PictureShape
{
    /// <summary>Square: the middle of it, as in METER's code.</summary>
    Square,

    /// <summary>Of its own ratio, in multiples of 32 pixels, with padding, as in ViLT's code; for backbones that can do without what is padded.</summary>
    Ratio,

    /// <summary>Square, the whole of it whatever its ratio was, as in VTAB-1K's protocol.</summary>
    Stretched,
}

/// <summary>What of VTAB-1K's 1,000 samples is learnt from (arXiv:1910.04867).</summary>
public enum TrainingList
{
    /// <summary>800, while settings are chosen by the other 200.</summary>
    Tune,

    /// <summary>All of them, once settings are chosen, so that figures on the 200 tell nothing any more.</summary>
    Final,
}

/// <summary>Which of the classes there are, in their order, as in CoCoOp's generalisation from base to new classes (Zhou et al., arXiv:2203.05557).</summary>
public enum ClassHalf
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>The first half, and the one in the middle.</summary>
    Base,

    /// <summary>The others, which a network that learnt the first half has never seen.</summary>
    New,
}

/// <summary>What tells the classes of a task.</summary>
public enum ClassHead
{
    /// <summary>What is said of a picture of each, on a backbone that has texts and images in one space, such as CLIP.</summary>
    Prompts,

    /// <summary>One Linear.</summary>
    Linear,
}

/// <summary>How pictures are varied in training.</summary>
public enum Augmentation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>RandAugment (arXiv:1909.13719), two operations of magnitude 9, as ViLT's and METER's code have it.</summary>
    RandAugment,
}
