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

    /// <summary>The blocks as modules that can be skipped.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="tokens">Tokens of one sample, text and image together.</param>
    public static IReadOnlyList<ModuleInfo> Modules(ViltConfig config, int tokens)
    {
        ArgumentNullException.ThrowIfNull(config);
        return
        [
            .. Enumerable.Range(0, config.Layers).Select(i => new ModuleInfo(
                i, $"transformer.blocks.{i}", ModuleKind.Whole, Stream, BlockParameters(config), BlockOperations(config, tokens))),
        ];
    }

    /// <summary>Tokens of one sample: the text, the image's own classification token, and its patches.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="height">Height of the image, in pixels.</param>
    /// <param name="width">Width of the image, in pixels.</param>
    public static int Tokens(ViltConfig config, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.TextLength + 1 + (height / config.PatchSize * (width / config.PatchSize));
    }

    /// <summary>Parameters of everything but heads: 111 595 008 in ViLT-B/32.</summary>
    public static long BodyParameters(ViltConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long d = config.Width;
        var text = ((config.Vocabulary + config.TextLength + 2) * d) + (2 * d);
        var patches = (3L * config.PatchSize * config.PatchSize * d) + d;
        var positions = (1 + ((long)config.PositionGrid * config.PositionGrid)) * d;
        var modality = (1 + config.ImagesPerSample) * d;
        var pooler = (d * d) + d;
        return text + patches + positions + d + modality + pooler + (2 * d) + (config.Layers * BlockParameters(config));
    }

    /// <summary>Two norms, fused projections of queries, keys and values, the output's, and the feed-forward part.</summary>
    internal static long BlockParameters(ViltConfig config)
    {
        long d = config.Width, inner = d * config.FeedForwardRatio;
        return (4 * d) + (4 * d * d) + (4 * d) + (2 * d * inner) + inner + d;
    }

    // 4nd² for the projections, 2n²d for the scores and their use, 2·ratio·nd² for the feed-forward part.
    private static long BlockOperations(ViltConfig config, int tokens)
    {
        long d = config.Width, n = tokens;
        return (4 * n * d * d) + (2 * n * n * d) + (2 * config.FeedForwardRatio * n * d * d);
    }
}
