using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones.Encoders;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>Backbones by name. A new one is a file, one for its checkpoints' names, and a line in <see cref="BuiltIn"/>; others are passed in.</summary>
/// <param name="entries">The backbones, in the order in which help lists them.</param>
public sealed class BackboneTable(params IReadOnlyList<BackboneEntry> entries)
{
    /// <summary>Those that come with the tool.</summary>
    public static BackboneTable BuiltIn { get; } = new(
        new BackboneEntry(
            "vilt",
            "ViLT (arXiv:2102.03334); ViLT-B/32 unless a checkpoint has other sizes",
            ViltCheckpoint.Load,
            ViltCheckpoint.Describe,
            ViltCosts.DescribeProfiled) { Rates = new LearningRates { Classes = 1 }, Searched = new InputShape(30522, 40, 384, 384), TakesPadding = true },
        new BackboneEntry(
            "meter",
            "METER (arXiv:2111.02387): RoBERTa-base, CLIP-ViT-B/16 and six pairs of layers, unless a checkpoint has other sizes",
            MeterCheckpoint.Load,
            MeterCheckpoint.Describe,
            MeterCosts.DescribeProfiled)
        {
            Adapters = new AdapterConfig { SkipBottleneck = 288 },
            Rates = new LearningRates { Answers = 50, Classes = 10, CrossModal = 5 },
            Searched = new InputShape(BertConfig.RobertaBase.Vocabulary, 50, 288, 288),
        },
        new BackboneEntry(
            "meter-mini",
            "METER over encoders that others trained, MiniLM and an ImageNet ResNet-18, out of their packages",
            MeterCheckpoint.LoadMini,
            MeterCheckpoint.DescribeMini,
            MeterMini.DescribeProfiled)
        {
            Tokenizer = "minilm",
            Style = MeterMini.Style,
            Rates = new LearningRates { CrossModal = 1 },
            Searched = new InputShape(BertConfig.MiniLm.Vocabulary, 24, MeterMini.Style.Side, MeterMini.Style.Side),
        },
        new BackboneEntry(
            "minilm",
            "all-MiniLM-L6-v2, a BERT of texts alone, with the weights of its package unless a checkpoint has others",
            BertCheckpoint.Load,
            BertCheckpoint.Describe,
            BertCosts.DescribeProfiled) { Tokenizer = "minilm", Searched = new InputShape(BertConfig.MiniLm.Vocabulary, 40, 0, 0) },
        new BackboneEntry(
            "vit",
            "ViT (arXiv:2010.11929) and DeiT of images alone; ViT-B/16 unless a checkpoint has other sizes",
            VitCheckpoint.Load,
            VitCheckpoint.Describe,
            VitCosts.DescribeProfiled)
        {
            Style = VitCheckpoint.Style,
            TakesAnySide = true,
            TakesDropPath = true,
            Rates = new LearningRates { Answers = 1, Classes = 1 },
            Searched = new InputShape(30522, 40, VitCheckpoint.Style.Side, VitCheckpoint.Style.Side),
        },
        new BackboneEntry(
            "swin",
            "Swin (arXiv:2103.14030) of images alone; Swin-B unless a checkpoint has other sizes",
            SwinCheckpoint.Load,
            SwinCheckpoint.Describe,
            SwinCosts.DescribeProfiled)
        {
            Style = VitCheckpoint.Style,
            TakesAnySide = true,
            TakesDropPath = true,
            Rates = new LearningRates { Answers = 1, Classes = 1 },
            Searched = new InputShape(30522, 40, VitCheckpoint.Style.Side, VitCheckpoint.Style.Side),
        },
        new BackboneEntry(
            "clip",
            "CLIP (arXiv:2103.00020), towers of texts and of images; CLIP-B/16 unless a checkpoint has other sizes",
            ClipCheckpoint.Load,
            ClipCheckpoint.Describe,
            ClipCosts.DescribeProfiled)
        {
            Style = ClipCheckpoint.Style,
            TakesAnySide = true,
            Searched = new InputShape(49_408, 77, ClipCheckpoint.Style.Side, ClipCheckpoint.Style.Side),
        },
        new BackboneEntry(
            "llama",
            "a LLaMA-style decoder of texts alone (arXiv:2302.13971), of the checkpoint's sizes; LLaMA-7B as papers profile it",
            static request => LlamaCheckpoint.Load(request),
            static request => LlamaCheckpoint.Describe(request),
            LlamaCosts.DescribeProfiled) { Adapters = new AdapterConfig { SkipBottleneck = 32, ParallelBottleneck = 8 } },
        new BackboneEntry(
            "lavin",
            "the same, shown images by a frozen CLIP as in LaVIN (arXiv:2305.15023); LLaMA-7B and CLIP ViT-L/14 as papers profile it",
            LavinCheckpoint.Load,
            LavinCheckpoint.Describe,
            LlamaCosts.DescribeProfiledLavin)
        {
            Style = LavinCheckpoint.Style,
            TakesAnySide = true,
            Adapters = new AdapterConfig { SkipBottleneck = 32, ParallelBottleneck = 8 },
        });

    /// <summary>The backbones, in the order in which help lists them.</summary>
    public IReadOnlyList<BackboneEntry> All => entries;

    /// <summary>The backbone of a name.</summary>
    /// <exception cref="ConfigException">There is none; the message lists the names.</exception>
    public BackboneEntry Named(string name) =>
        entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new ConfigException("backbone", $"must be {string.Join(" or ", entries.Select(entry => entry.Name))}, not '{name}'");
}

/// <summary>A line of the table of backbones.</summary>
/// <param name="Name">What a configuration calls it.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Load">Builds it, and reads its checkpoint if it is to have one.</param>
/// <param name="Describe">Describes it without building it.</param>
/// <param name="DescribeProfiled">Describes it at the size and setting in which papers profile it.</param>
public sealed record BackboneEntry(
    string Name,
    string Summary,
    Func<BackboneRequest, LoadedBackbone> Load,
    Func<BackboneRequest, BackboneDescription> Describe,
    Func<BackboneDescription> DescribeProfiled)
{
    /// <summary>The tokenizer that its words are numbered by, such as <c>minilm</c>; tasks' own closed list by default.</summary>
    public string Tokenizer { get; init; } = "words";

    /// <summary>The sizes of DAS's adapters in its authors' code for this backbone.</summary>
    public AdapterConfig Adapters { get; init; } = new();

    /// <summary>How fast its parameters learn in its authors' code.</summary>
    public LearningRates Rates { get; init; } = new();

    /// <summary>What it is shown in a search of its usual size; null where nobody has said.</summary>
    public InputShape? Searched { get; init; }

    /// <summary>Whether its blocks take <see cref="BackboneRequest.DropPath"/>.</summary>
    public bool TakesDropPath { get; init; }

    /// <summary>Whether it leaves aside what masks say is padding of images.</summary>
    public bool TakesPadding { get; init; }

    /// <summary>What its images are to be like; null, by default, for a task's pictures as they are.</summary>
    public ImageStyle? Style { get; init; }

    /// <summary>Whether that is so of any side, of which the style has the usual one.</summary>
    public bool TakesAnySide { get; init; }
}

/// <summary>What the learning rate is multiplied by for some parameters; the defaults are those of the code of DAS for ViLT and VQA.</summary>
public sealed record LearningRates
{
    /// <summary>For a classifier of answers.</summary>
    public double Answers { get; init; } = 10;

    /// <summary>For a classifier of statements.</summary>
    public double Classes { get; init; } = 10;

    /// <summary>For parameters with <see cref="BackboneDescription.CrossModal"/> in their names; null where there are none.</summary>
    public double? CrossModal { get; init; }
}

/// <summary>What a task shows a backbone.</summary>
/// <param name="Vocabulary">Words of its tokenizer, special ones included.</param>
/// <param name="TextLength">Tokens of a text, padding included.</param>
/// <param name="ImageHeight">Height of an image, in pixels; 0 where there are none.</param>
/// <param name="ImageWidth">Width of an image, in pixels; 0 where there are none.</param>
/// <param name="Images">Images of a sample.</param>
public sealed record InputShape(int Vocabulary, int TextLength, int ImageHeight, int ImageWidth, int Images = 1);

/// <summary>What a backbone is asked for.</summary>
public sealed record BackboneRequest
{
    public required InputShape Input { get; init; }

    /// <summary>The sizes that were asked for; the checkpoint decides the others.</summary>
    public ModelConfig Sizes { get; init; } = new();

    /// <summary>Rows of a fresh table of text positions; null for as many as the papers have, or a text needs.</summary>
    public int? TextRows { get; init; }

    /// <summary>The checkpoint's path in full; null for fresh weights.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>What a module is.</summary>
    public Granularity Granularity { get; init; }

    /// <summary>Modules that are never built and never read, because a plan skips them; null for none.</summary>
    public Subnetwork? Absent { get; init; }

    /// <summary>How likely a sample of training is without a residual branch of the last block, in [0, 1); it rises linearly over depth.</summary>
    public double DropPath { get; init; }

    /// <summary>Where the parameters live.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>What frozen encoders gave before; null where that is not kept.</summary>
    public FeatureCache? Features { get; init; }

    /// <summary>Whether texts come again, so that what encoders gave for them is worth keeping, too.</summary>
    public bool KeepsTexts { get; init; } = true;

    /// <summary>Told, in a sentence, what is taken for granted that neither checkpoint nor sizes say.</summary>
    public Action<string> Note { get; init; } = static _ => { };

    /// <exception cref="DasSearchException">What is not to be built is of another backbone.</exception>
    internal void CheckPlanned(int modules, int layers)
    {
        if (Absent is { Modules: var planned } && planned != modules)
        {
            throw new DasSearchException(
                $"the plan is for {planned} modules, but the backbone has {modules} at granularity {EnumNames.NameOf(Granularity)}: {layers} layers");
        }
    }
}

/// <summary>A backbone with its weights, and what else its checkpoint held.</summary>
/// <param name="Backbone">The backbone; whoever holds this owns it.</param>
/// <param name="Rest">Tensors that are no part of it, such as the heads it was pre-trained by, by name; of the scope in which it was loaded.</param>
public sealed record LoadedBackbone(IBackbone Backbone, IReadOnlyDictionary<string, Tensor> Rest);
