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
        var modules = ViltModule.All(config.Layers, granularity);
        var layers = modules
            .SelectMany((module, i) => ViltCheckpoint.Layers(config, module.Kind).Select(layer => (Module: i, Name: module.BlockName + layer.Name, layer.In, layer.Out, layer.Role)))
            .ToList();
        var parameters = layers
            .SelectMany(layer => ViltCheckpoint.Shapes(config, layer.Name, layer.In, layer.Out)
                .Select(shape => new ParameterInfo(shape.Name, CountOf(shape.Shape), layer.Module)))
            .ToList();
        var sizes = parameters.ToLookup(static parameter => parameter.Module, static parameter => parameter.Count);
        return new BackboneDescription
        {
            Modules = [.. modules.Select((module, i) => new ModuleInfo(
                i, module.Name, module.Kind, "fused", sizes[i].Sum(), Operations(config, module, tokens)))],
            Shapes = [.. modules.Select((module, i) => new ModuleShape(tokens, config.Width, module.Kind != ModuleKind.FeedForward, [i - 1]))],
            SubLayers = [.. modules.SelectMany((module, i) => SubLayers(module).Select(part => new SubLayer(part.Name, part.Kind, i)))],
            Projections =
            [
                new(ViltCheckpoint.TextNorm, null, config.Width, config.Width, input.TextLength, ProjectionRole.EmbeddingNorm),
                new(ViltCheckpoint.Patches, null, 3 * config.PatchSize * config.PatchSize, config.Width, patches, ProjectionRole.Patches),
                .. layers.Select(layer => new ProjectionPlace(layer.Name, layer.Module, layer.In ?? layer.Out, layer.Out, tokens, layer.Role) { Rank = config.RankOf(layer.Name) }),
                new(ViltCheckpoint.LastNorm, null, config.Width, config.Width, tokens, ProjectionRole.Norm),
                new(ViltCheckpoint.Pooler, null, config.Width, config.Width, 1, ProjectionRole.Pooler),
            ],
            Parameters =
            [
                .. ViltCheckpoint.Outside(config).Select(static entry => new ParameterInfo(entry.Name, CountOf(entry.Shape), null)),
                .. parameters,
            ],
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

    private static IEnumerable<ViltModule> SubLayers(ViltModule module) => module.Kind == ModuleKind.Whole
        ? [module with { Kind = ModuleKind.Attention }, module with { Kind = ModuleKind.FeedForward }]
        : [module];

    private static long CountOf(IEnumerable<long> shape) => shape.Aggregate(1L, static (product, size) => product * size);

    // 4nd² for the projections and 2·ratio·nd² for the feed-forward part, where these are of full rank; 2n²d for the scores and their use.
    private static long Operations(ViltConfig config, ViltModule module, int tokens)
    {
        long d = config.Width, n = tokens;
        var linears = ViltCheckpoint.Layers(config, module.Kind)
            .Sum(layer => layer.In is { } width ? LowRank.MultiplyAccumulates(n, width, layer.Out, config.RankOf(module.BlockName + layer.Name)) : 0);
        return linears + (module.Kind == ModuleKind.FeedForward ? 0 : 2 * n * n * d);
    }
}
