using DasSearch.Core;
using DasSearch.Models.Backbones.Encoders;

namespace DasSearch.Models.Backbones;

/// <summary>What a METER's parts cost: parameters, and multiply-accumulates a sample; counted as <see cref="ViltCosts"/> does.</summary>
public static class MeterCosts
{
    /// <summary>The whole backbone in numbers.</summary>
    public static BackboneDescription Describe(MeterConfig config, InputShape input, Granularity granularity = Granularity.Layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(input);
        var (width, encoders) = (config.Width, config.Encoders);
        int TokensOf(bool isText) => isText ? input.TextLength : encoders.Image.Tokens;
        int AskedBy(bool isText, ModuleKind part) => TokensOf(part == ModuleKind.CrossAttention ? !isText : isText);
        var modules = MeterModule.All(config.Layers, granularity);
        var places = new List<ProjectionPlace>();
        var subLayers = new List<SubLayer>();
        var operations = new long[modules.Count];
        long outside = encoders.Text.MultiplyAccumulates(input.TextLength) + encoders.Image.MultiplyAccumulates
            + ((long)input.TextLength * encoders.Text.Width * width) + ((long)encoders.Image.Tokens * encoders.Image.Width * width)
            + (2L * width * width); // both poolers
        for (var row = 0; row < 2 * config.Layers; row++)
        {
            var (layer, isText) = (row / 2, row % 2 == 0);
            foreach (var part in MeterModule.Parts)
            {
                var owner = Owner(modules, layer, isText, part);
                var (name, tokens, asked) = (MeterCheckpoint.LayerName(isText, layer), TokensOf(isText), AskedBy(isText, part));
                // What stays of a skipped attention is its norm.
                places.AddRange(BertShapes.Projections(config.Sizes, name, part, owner, tokens, asked)
                    .Select(place => granularity != Granularity.Layers && place.Role == ProjectionRole.Norm ? place with { Module = null } : place));
                var cost = BertShapes.MultiplyAccumulates(config.Sizes, part, tokens, asked);
                if (owner is { } module)
                {
                    operations[module] += cost;
                    subLayers.Add(SubLayerOf(name, part, module));
                }
                else
                {
                    outside += cost;
                }
            }
        }

        List<ParameterInfo> parameters =
        [
            .. MeterCheckpoint.Outside(config).Select(static shape => new ParameterInfo(shape.Name, shape.Count, null)),
            .. places.SelectMany(static place => MeterCheckpoint.ShapesOf(place).Select(shape => new ParameterInfo(shape.Name, shape.Count, place.Module))),
        ];
        var sizes = parameters.ToLookup(static parameter => parameter.Module, static parameter => parameter.Count);
        return new BackboneDescription
        {
            Modules = [.. modules.Select((module, i) => new ModuleInfo(i, module.Name, module.Kind, module.Stream, sizes[i].Sum(), operations[i]))],
            Shapes = [.. modules.Select((module, i) => new ModuleShape(TokensOf(module.IsText), width, MixesTokens: true, Reads(modules, i), module.IsText ? 0 : 1)
            {
                Context = module.Kind == ModuleKind.Attention ? null : MeterModule.ContextOf(module.IsText),
                Replacement = granularity == Granularity.Layers ? MeterCheckpoint.ReplacementName(module.IsText, module.Layer) : null,
            })],
            SubLayers = subLayers,
            Projections =
            [
                .. places,
                new(MeterCheckpoint.TextPooler, null, width, width, 1, ProjectionRole.Pooler),
                new(MeterCheckpoint.ImagePooler, null, width, width, 1, ProjectionRole.Pooler),
            ],
            Parameters = parameters,
            AlwaysTrained = MeterCheckpoint.AlwaysTrained,
            NeverTrained = MeterCheckpoint.NeverTrained,
            CrossModal = MeterCheckpoint.CrossModal,
            Packaged = config.Encoders.ArePackaged ? MeterCheckpoint.EncoderNames : [],
            SummaryWidth = 2 * width,
            ClassifierWidth = 2 * width,
            OutsideMultiplyAccumulates = outside,
        };
    }

    /// <summary>METER in the setting in which the code of DAS profiles it: 40 tokens of text, an image of 384 pixels.</summary>
    public static BackboneDescription DescribeProfiled()
    {
        var config = new MeterConfig { Encoders = new EncoderPair(BertConfig.RobertaBase, new ClipVisionConfig()) };
        return Describe(config, new InputShape(config.Encoders.Text.Vocabulary, 40, config.Encoders.Image.Side, config.Encoders.Image.Side));
    }

    private static int? Owner(IReadOnlyList<MeterModule> modules, int layer, bool isText, ModuleKind part)
    {
        var at = modules.ToList().FindIndex(module => module.Layer == layer && module.IsText == isText && module.OwnParts.Contains(part));
        return at < 0 ? null : at;
    }

    private static SubLayer SubLayerOf(string layer, ModuleKind part, int module)
    {
        var place = BertShapes.Place(layer, part);
        return new SubLayer(place, part, module)
        {
            Normed = BertShapes.NormPlace(layer, part), Adapter = part == ModuleKind.FeedForward ? layer + ".adapter" : place + ".output.adapter",
        };
    }

    // Its own stream's last module comes first; in each pair both streams read the other one as it was before the pair.
    private static IReadOnlyList<int> Reads(IReadOnlyList<MeterModule> modules, int index)
    {
        var module = modules[index];
        int LastOf(bool isText, int before) => Enumerable.Range(0, modules.Count).LastOrDefault(i => modules[i].IsText == isText && modules[i].Layer < before, -1);
        var own = module.Kind == ModuleKind.CrossAttention ? index - 1 : LastOf(module.IsText, module.Layer);
        return module.Kind == ModuleKind.Attention ? [own] : [own, LastOf(!module.IsText, module.Layer)];
    }
}
