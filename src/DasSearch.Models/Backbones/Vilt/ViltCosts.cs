using DasSearch.Core;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>What a ViLT's parts cost: parameters, and multiply-accumulates a sample.</summary>
/// <remarks>
/// As the papers count: one multiplication with its addition is one; biases, norms, softmax and activations are left
/// out. Every figure is a function of the sizes, so that the real model is accounted for without being built.
/// </remarks>
public static class ViltCosts
{
    private const string Stream = "fused";
    private const int Segments = 2; // BERT's

    /// <summary>The whole backbone in numbers.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="input">What a sample looks like.</param>
    /// <param name="granularity">What a module is.</param>
    public static BackboneDescription Describe(ViltConfig config, InputShape input, Granularity granularity = Granularity.Layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(input);
        long d = config.Width;
        var patches = input.ImageHeight / config.PatchSize * (input.ImageWidth / config.PatchSize);
        var tokens = input.TextLength + 1 + patches; // the image has a classification token of its own
        var parts = ViltPart.All(config.Layers, granularity);
        return new BackboneDescription(
            [.. parts.Select((part, i) => new ModuleInfo(
                i, part.Name, part.Kind, Stream, Parameters(config, part.Kind), Operations(config, part.Kind, tokens)))],
            [.. Enumerable.Repeat(new ModuleShape(tokens, config.Width), parts.Count)],
            config.Width,
            BodyParameters(config) - (config.Layers * Parameters(config, ModuleKind.Whole)),
            PoolerParameters(config) + ModalityParameters(config) + (Segments * d),
            (patches * PatchWeights(config)) + (d * d));
    }

    /// <summary>ViLT-B/32 in the setting in which APT's code profiles it: 40 tokens of text, 200 patches.</summary>
    public static BackboneDescription DescribeProfiled()
    {
        var config = new ViltConfig();
        return Describe(config, new InputShape(config.Vocabulary, config.TextLength, 320, 640));
    }

    /// <summary>Parameters of everything but heads: 111 595 008 in ViLT-B/32.</summary>
    public static long BodyParameters(ViltConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.Width;
        var text = ((config.Vocabulary + config.TextLength + Segments) * d) + (2 * d);
        var patches = PatchWeights(config) + d;
        var positions = (1 + ((long)config.PositionGrid * config.PositionGrid)) * d;
        return text + patches + positions + d + ModalityParameters(config) + PoolerParameters(config) + (2 * d)
            + (config.Layers * Parameters(config, ModuleKind.Whole));
    }

    private static long PatchWeights(ViltConfig config) => 3L * config.PatchSize * config.PatchSize * config.Width;

    private static long ModalityParameters(ViltConfig config) => (1L + config.ImagesPerSample) * config.Width;

    private static long PoolerParameters(ViltConfig config) => ((long)config.Width * config.Width) + config.Width;

    /// <summary>Fused projections of queries, keys and values, the output's, and their norm; the feed-forward part and its norm; or all.</summary>
    internal static long Parameters(ViltConfig config, ModuleKind kind)
    {
        long d = config.Width, inner = d * config.FeedForwardRatio;
        var attention = (2 * d) + (4 * d * d) + (4 * d);
        var feedForward = (2 * d) + (2 * d * inner) + inner + d;
        return Of(kind, attention, feedForward);
    }

    // 4nd² for the projections, 2n²d for the scores and their use, 2·ratio·nd² for the feed-forward part.
    private static long Operations(ViltConfig config, ModuleKind kind, int tokens)
    {
        long d = config.Width, n = tokens;
        return Of(kind, (4 * n * d * d) + (2 * n * n * d), 2 * config.FeedForwardRatio * n * d * d);
    }

    private static long Of(ModuleKind kind, long attention, long feedForward) => kind switch
    {
        ModuleKind.Attention => attention,
        ModuleKind.FeedForward => feedForward,
        _ => attention + feedForward,
    };
}
