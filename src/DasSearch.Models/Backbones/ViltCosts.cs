using DasSearch.Core;

namespace DasSearch.Models.Backbones;

/// <summary>What a ViLT's parts cost: parameters, and multiply-accumulates a sample.</summary>
/// <remarks>
/// As the papers count: one multiplication with its addition is one; biases, norms, softmax and activations are left
/// out. Every figure is a function of the sizes, so that the real model is accounted for without being built.
/// </remarks>
public static class ViltCosts
{
    /// <summary>The whole backbone in numbers.</summary>
    public static BackboneDescription Describe(ViltConfig config, InputShape input, Granularity granularity = Granularity.Layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(input);
        long d = config.Width;
        var patches = input.ImageHeight / config.PatchSize * (input.ImageWidth / config.PatchSize);
        var tokens = input.TextLength + 1 + patches; // the image has a classification token of its own
        var blocks = new BlockList(config.Block, BlockModule.All(ViltCheckpoint.Block, config.Layers, granularity), tokens, "fused");
        return new BackboneDescription
        {
            Modules = blocks.Infos,
            Shapes = blocks.Shapes,
            SubLayers = blocks.SubLayers,
            Projections =
            [
                new(ViltCheckpoint.TextNorm, null, config.Width, config.Width, input.TextLength, ProjectionRole.EmbeddingNorm),
                new(ViltCheckpoint.Patches, null, 3 * config.PatchSize * config.PatchSize, config.Width, patches, ProjectionRole.Patches),
                .. blocks.Projections,
                new(ViltCheckpoint.LastNorm, null, config.Width, config.Width, tokens, ProjectionRole.Norm),
                new(ViltCheckpoint.Pooler, null, config.Width, config.Width, 1, ProjectionRole.Pooler),
            ],
            Parameters = [.. ViltCheckpoint.Outside(config).Select(static shape => new ParameterInfo(shape.Name, shape.Count, null)), .. blocks.Parameters],
            AlwaysTrained = ViltCheckpoint.AlwaysTrained,
            SummaryWidth = config.Width,
            OutsideMultiplyAccumulates = (patches * 3L * config.PatchSize * config.PatchSize * d) + (d * d),
        };
    }

    /// <summary>ViLT-B/32 in the setting in which APT's code profiles it: 40 tokens of text, 200 patches.</summary>
    public static BackboneDescription DescribeProfiled()
    {
        var config = new ViltConfig();
        return Describe(config, new InputShape(config.Vocabulary, config.TextLength, 320, 640));
    }
}
