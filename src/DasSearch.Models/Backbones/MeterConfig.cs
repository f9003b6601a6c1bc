using DasSearch.Core;
using DasSearch.Models.Backbones.Encoders;

namespace DasSearch.Models.Backbones;

/// <summary>The sizes of a METER (Dou et al., arXiv:2111.02387) between its encoders and its heads; the defaults are the paper's.</summary>
public sealed record MeterConfig
{
    public required EncoderPair Encoders { get; init; }

    /// <summary>Width of a token's vector in both streams.</summary>
    public int Width { get; init; } = 768;

    /// <summary>Pairs of a text's and an image's layer.</summary>
    public int Layers { get; init; } = 6;

    /// <summary>Attention heads; a divisor of the width.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward part, in widths of a token.</summary>
    public int FeedForwardRatio { get; init; } = 4;

    /// <summary>Images that a sample can have: 1, or 2 for NLVR2, whose second one has a modality row of its own.</summary>
    public int ImagesPerSample { get; init; } = 1;

    /// <summary>Probability of dropout, on what sub-layers give and on attention's weights.</summary>
    public double Dropout { get; init; } = 0.1;

    internal BertSizes Sizes => new(Width, Heads, FeedForwardRatio * Width, Eps: 1e-12, Dropout);
}

/// <summary>What a module of a METER is: a layer of one stream, or an attention of one.</summary>
/// <remarks>In order of computation: a pair's text first, and in it attention to the stream itself before attention to the other one.</remarks>
internal readonly record struct MeterModule(int Layer, bool IsText, ModuleKind Kind)
{
    private static readonly ModuleKind[] _attentions = [ModuleKind.Attention, ModuleKind.CrossAttention];

    internal static IReadOnlyList<ModuleKind> Parts { get; } = [.. _attentions, ModuleKind.FeedForward];

    internal string Stream => IsText ? "text" : "image";

    internal string LayerName => MeterCheckpoint.LayerName(IsText, Layer);

    /// <summary>What official checkpoints call it: <c>cross_modal_text_layers.3</c>, its <c>.attention</c> or its <c>.crossattention</c>.</summary>
    internal string Name => Kind == ModuleKind.CrossLayer ? LayerName : BertShapes.Place(LayerName, Kind);

    /// <summary>Where a state has what the other stream was before the pair: the image's is as it was until its own turn comes, the text's is kept behind both.</summary>
    internal static int ContextOf(bool isText) => isText ? 1 : 2;

    /// <summary>The sub-layers that are gone when it is skipped.</summary>
    internal IReadOnlyList<ModuleKind> OwnParts => Kind == ModuleKind.CrossLayer ? Parts : [Kind];

    /// <summary>The modules: layers, or as in EAS the attentions of layers, whose feed-forward parts and norms always run.</summary>
    internal static IReadOnlyList<MeterModule> All(int layers, Granularity granularity)
    {
        ModuleKind[] kinds = granularity == Granularity.Layers ? [ModuleKind.CrossLayer] : _attentions;
        return
        [
            .. Enumerable.Range(0, 2 * layers).SelectMany(row => kinds.Select(kind => new MeterModule(row / 2, IsText: row % 2 == 0, kind))),
        ];
    }
}

/// <summary>METER's frozen encoders.</summary>
/// <param name="Text">Of texts.</param>
/// <param name="Image">Of images.</param>
public sealed record EncoderPair(ITextEncoderKind Text, IImageEncoderKind Image)
{
    /// <summary>Where their weights come from, in words, and who trained them; null where they are in checkpoints.</summary>
    public string? Origin { get; init; }

    /// <summary>Whether their weights are in no checkpoint.</summary>
    public bool ArePackaged => Origin is not null;
}
