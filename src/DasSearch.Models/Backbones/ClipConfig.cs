using DasSearch.Core;

namespace DasSearch.Models.Backbones;

/// <summary>The sizes of a CLIP (Radford et al., arXiv:2103.00020); the defaults are those of CLIP-B/16 at 224 pixels.</summary>
public sealed record ClipConfig
{
    internal const string TextLayers = "text_model.encoder.layers.";
    internal const string ImageTower = "vision_model.";
    internal const string ImageLayers = "vision_model.encoder.layers.";
    internal const string Words = "text_model.embeddings.token_embedding.weight";
    internal const string TextPositions = "text_model.embeddings.position_embedding.weight";
    internal const string TextNorm = "text_model.final_layer_norm";
    internal const string ClassToken = "vision_model.embeddings.class_embedding";
    internal const string Patches = "vision_model.embeddings.patch_embedding";
    internal const string ImagePositions = "vision_model.embeddings.position_embedding.weight";
    internal const string FirstNorm = "vision_model.pre_layrnorm"; // sic
    internal const string ImageNorm = "vision_model.post_layernorm";
    internal const string TextProjection = "text_projection";
    internal const string ImageProjection = "visual_projection";
    internal const string Scale = "logit_scale";
    internal const double Eps = 1e-5;

    /// <summary>The tower of texts.</summary>
    public ClipTower Text { get; init; } = new(Width: 512, Layers: 12, Heads: 8, InnerWidth: 2048);

    /// <summary>The tower of images.</summary>
    public ClipTower Image { get; init; } = new(Width: 768, Layers: 12, Heads: 12, InnerWidth: 3072);

    /// <summary>Width of the space that texts and images share.</summary>
    public int Shared { get; init; } = 512;

    /// <summary>Words of the tokenizer, special ones included.</summary>
    public int Vocabulary { get; init; } = 49_408;

    /// <summary>Tokens of the longest text.</summary>
    public int TextLength { get; init; } = 77;

    /// <summary>Side of a patch, in pixels.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>Side of an image, in pixels; a multiple of the patch's.</summary>
    public int Side { get; init; } = 224;

    /// <summary>What is between the Linears of feed-forward parts: quick in OpenAI's models, exact in most of others (arXiv:2212.07143).</summary>
    public GeluKind Gelu { get; init; } = GeluKind.Quick;

    /// <summary>Probability of dropout after projections and feed-forward; CLIP has none.</summary>
    public double Dropout { get; init; }

    internal int PatchCount => Side / PatchSize * (Side / PatchSize);

    /// <summary>The class token, and the patches behind it.</summary>
    internal int ImageTokens => 1 + PatchCount;

    /// <summary>The unit vectors of text and image, and their products.</summary>
    internal int SummaryWidth => 3 * Shared;

    internal PreNormSizes Block(bool isText)
    {
        var tower = isText ? Text : Image;
        return new PreNormSizes(tower.Width, tower.Heads, tower.InnerWidth, Dropout, PreNormSizes.FullRank) { Eps = Eps, Gelu = Gelu };
    }

    internal IReadOnlyList<BlockModule> Modules(bool isText, Granularity granularity) =>
        BlockModule.All(isText ? TextLayers : ImageLayers, (isText ? Text : Image).Layers, granularity, PreNormNames.Clip);

    /// <summary>Every parameter outside the layers.</summary>
    internal IEnumerable<ParameterShape> Outside() =>
    [
        new(Words, [Vocabulary, Text.Width]),
        new(TextPositions, [TextLength, Text.Width]),
        .. Norm(TextNorm, Text.Width),
        .. ImageOutside(),
        new(TextProjection + ".weight", [Shared, Text.Width]),
        new(ImageProjection + ".weight", [Shared, Image.Width]),
        new(Scale, []),
    ];

    /// <summary>Those of the images' tower.</summary>
    internal IEnumerable<ParameterShape> ImageOutside() =>
    [
        new(ClassToken, [Image.Width]),
        new(Patches + ".weight", [Image.Width, 3, PatchSize, PatchSize]),
        new(ImagePositions, [ImageTokens, Image.Width]),
        .. Norm(FirstNorm, Image.Width),
        .. Norm(ImageNorm, Image.Width),
    ];

    private static IEnumerable<ParameterShape> Norm(string name, long width) => [new(name + ".weight", [width]), new(name + ".bias", [width])];
}

/// <summary>The sizes of a Transformer of CLIP's.</summary>
/// <param name="Width">Width of a token's vector.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Attention heads; a divisor of the width.</param>
/// <param name="InnerWidth">Width of the feed-forward part.</param>
public sealed record ClipTower(int Width, int Layers, int Heads, int InnerWidth);

/// <summary>What a CLIP's parts cost: parameters, and multiply-accumulates of a text and an image.</summary>
public static class ClipCosts
{
    /// <summary>The whole backbone in numbers.</summary>
    /// <remarks>Attention among a text's tokens counts in full, as it is computed, though half of it is never seen.</remarks>
    public static BackboneDescription Describe(ClipConfig config, InputShape input, Granularity granularity = Granularity.Layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(input);
        var (text, image, pixels) = (config.Text.Width, config.Image.Width, 3 * config.PatchSize * config.PatchSize);
        var texts = new BlockList(config.Block(isText: true), config.Modules(isText: true, granularity), input.TextLength, "text");
        var images = new BlockList(config.Block(isText: false), config.Modules(isText: false, granularity), config.ImageTokens, "image") { First = texts.Modules.Count };
        return new BackboneDescription
        {
            Modules = [.. texts.Infos, .. images.Infos],
            Shapes = [.. texts.Shapes, .. images.Shapes.Select((shape, i) => shape with { Stream = 1, DependsOn = i == 0 ? [-1] : shape.DependsOn })],
            SubLayers = [.. texts.SubLayers, .. images.SubLayers],
            Projections =
            [
                new(ClipConfig.Patches, null, pixels, image, config.PatchCount, ProjectionRole.Patches),
                .. texts.Projections,
                .. images.Projections,
                new(ClipConfig.TextNorm, null, text, text, input.TextLength, ProjectionRole.Norm),
                new(ClipConfig.ImageNorm, null, image, image, config.ImageTokens, ProjectionRole.Norm),
                new(ClipConfig.TextProjection, null, text, config.Shared, 1, ProjectionRole.Pooler),
                new(ClipConfig.ImageProjection, null, image, config.Shared, 1, ProjectionRole.Pooler),
            ],
            Parameters = [.. config.Outside().Select(static shape => new ParameterInfo(shape.Name, shape.Count, null)), .. texts.Parameters, .. images.Parameters],
            AlwaysTrained = [],
            SummaryWidth = config.SummaryWidth,
            SummaryReadsAllTokens = true,
            HasSharedSpace = true,
            OutsideMultiplyAccumulates = ((long)config.PatchCount * pixels * image) + ((long)config.Shared * (text + image)),
        };
    }

    /// <summary>CLIP-B/16 on texts of 77 tokens and images of 224 pixels.</summary>
    public static BackboneDescription DescribeProfiled()
    {
        var config = new ClipConfig();
        return Describe(config, new InputShape(config.Vocabulary, config.TextLength, config.Side, config.Side));
    }
}
