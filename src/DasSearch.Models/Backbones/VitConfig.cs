using DasSearch.Core;

namespace DasSearch.Models.Backbones;

/// <summary>The sizes of a ViT (Dosovitskiy et al., arXiv:2010.11929) or DeiT (arXiv:2012.12877); the defaults are those of ViT-B/16 at 224 pixels.</summary>
public sealed record VitConfig
{
    internal const string Blocks = "blocks.";
    internal const string ClassToken = "cls_token";
    internal const string DistillationToken = "dist_token";
    internal const string Positions = "pos_embed";
    internal const string Patches = "patch_embed.proj";
    internal const string LastNorm = "norm";
    internal const string Head = "head";
    internal const string DistillationHead = "head_dist";

    /// <summary>Width of a token's vector.</summary>
    public int Width { get; init; } = 768;

    public int Layers { get; init; } = 12;

    /// <summary>Attention heads; a divisor of the width.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward part.</summary>
    public int InnerWidth { get; init; } = 3072;

    /// <summary>Side of a patch, in pixels.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>Side of an image, in pixels; a multiple of the patch's.</summary>
    public int Side { get; init; } = 224;

    /// <summary>Whether a distillation token follows the class token, as in DeiT's distilled models.</summary>
    public bool HasDistillation { get; init; }

    /// <summary>Whether patches alone have positions, as in DeiT III (arXiv:2204.07118).</summary>
    public bool HasPatchPositionsOnly { get; init; }

    /// <summary>Whether what sub-layers give has a factor for each channel, as in DeiT III.</summary>
    public bool HasLayerScale { get; init; }

    /// <summary>Probability of dropout after embeddings, projections and feed-forward; attention itself has none.</summary>
    public double Dropout { get; init; }

    /// <summary>The ranks of Linears of blocks that are two of a low rank each, by name, such as <c>blocks.3.attn.qkv</c>.</summary>
    public IReadOnlyDictionary<string, int> Ranks { get; init; } = PreNormSizes.FullRank;

    /// <summary>Tokens before those of patches.</summary>
    internal int FirstTokens => HasDistillation ? 2 : 1;

    internal int PatchCount => Side / PatchSize * (Side / PatchSize);

    internal int Tokens => FirstTokens + PatchCount;

    internal PreNormSizes Block => new(Width, Heads, InnerWidth, Dropout, Ranks) { HasLayerScale = HasLayerScale };

    /// <summary>The same with each Linear of the blocks as two of PELA's rank (arXiv:2310.10700), κ times smaller.</summary>
    public VitConfig Compressed(double kappa) => this with
    {
        Ranks = BlockModule.All(Blocks, Layers, Granularity.Layers).SelectMany(module => module.Projections(Block, module: null, tokens: 0))
            .Where(static place => place.Role != ProjectionRole.Norm)
            .ToDictionary(static place => place.Name, place => LowRank.RankOf(place.In, place.Out, kappa), StringComparer.Ordinal),
    };

    /// <summary>Every parameter outside the blocks.</summary>
    internal IEnumerable<ParameterShape> Outside() =>
    [
        new(ClassToken, [1, 1, Width]),
        .. HasDistillation ? [new ParameterShape(DistillationToken, [1, 1, Width])] : Array.Empty<ParameterShape>(),
        new(Positions, [1, HasPatchPositionsOnly ? PatchCount : Tokens, Width]),
        new(Patches + ".weight", [Width, 3, PatchSize, PatchSize]),
        new(Patches + ".bias", [Width]),
        new(LastNorm + ".weight", [Width]),
        new(LastNorm + ".bias", [Width]),
    ];
}

/// <summary>What a ViT's parts cost: parameters, and multiply-accumulates a sample.</summary>
public static class VitCosts
{
    /// <summary>The whole backbone in numbers.</summary>
    public static BackboneDescription Describe(VitConfig config, Granularity granularity = Granularity.Layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.Width, pixels = 3L * config.PatchSize * config.PatchSize;
        var blocks = new BlockList(config.Block, BlockModule.All(VitConfig.Blocks, config.Layers, granularity), config.Tokens, "image");
        return new BackboneDescription
        {
            Modules = blocks.Infos,
            Shapes = blocks.Shapes,
            SubLayers = blocks.SubLayers,
            Projections =
            [
                new(VitConfig.Patches, null, (int)pixels, config.Width, config.PatchCount, ProjectionRole.Patches),
                .. blocks.Projections,
                new(VitConfig.LastNorm, null, config.Width, config.Width, config.Tokens, ProjectionRole.Norm),
            ],
            Parameters = [.. config.Outside().Select(static shape => new ParameterInfo(shape.Name, shape.Count, null)), .. blocks.Parameters],
            AlwaysTrained = [],
            SummaryWidth = config.FirstTokens * config.Width,
            ClassTokens = config.FirstTokens,
            SummaryReadsAllTokens = config.HasDistillation,
            LinearClassifier = VitConfig.Head,
            OutsideMultiplyAccumulates = config.PatchCount * pixels * d,
        };
    }

    /// <summary>ViT-B/16, which is DeiT-B, on images of 224 pixels.</summary>
    public static BackboneDescription DescribeProfiled() => Describe(new VitConfig());
}
