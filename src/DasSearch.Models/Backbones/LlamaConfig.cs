using DasSearch.Core;

namespace DasSearch.Models.Backbones;

/// <summary>The sizes of a LLaMA-style decoder (Touvron et al., arXiv:2302.13971); the defaults are those of LLaMA-7B.</summary>
public sealed record LlamaConfig
{
    internal const string Words = "tok_embeddings.weight";
    internal const string Layer = "layers.";
    internal const string LastNorm = "norm";
    internal const string Output = "output.weight";

    private const int InnerMultiple = 256;

    public int Vocabulary { get; init; } = 32_000;

    /// <summary>Width of a token's vector.</summary>
    public int Width { get; init; } = 4096;

    public int Layers { get; init; } = 32;

    /// <summary>Attention heads, which ask.</summary>
    public int Heads { get; init; } = 32;

    /// <summary>Heads that are asked, each by as many of the others; a divisor of their number (arXiv:2305.13245).</summary>
    public int KeyValueHeads { get; init; } = 32;

    /// <summary>Width of a head; even, since its numbers are turned in pairs.</summary>
    public int HeadWidth { get; init; } = 128;

    /// <summary>Width of the feed-forward part.</summary>
    public int InnerWidth { get; init; } = 11_008;

    /// <summary>What norms add to the mean of squares.</summary>
    public double Eps { get; init; } = 1e-5;

    /// <summary>θ of rotary positions.</summary>
    public double Theta { get; init; } = 10_000;

    /// <summary>Which numbers of a head are turned together.</summary>
    public RotaryLayout Rotary { get; init; }

    /// <summary>Whether words are scored by their own embeddings; else by a matrix of its own.</summary>
    public bool IsTied { get; init; }

    /// <summary>Tokens of the longest text that it was trained on; null where nobody says.</summary>
    public int? Length { get; init; }

    /// <summary>What shows it images, as in LaVIN; null for nothing.</summary>
    public LavinConfig? Lavin { get; init; }

    /// <summary>Width of all queries of a token.</summary>
    internal int QueryWidth => Heads * HeadWidth;

    /// <summary>Width of all keys of a token, or of all values.</summary>
    internal int KeyValueWidth => KeyValueHeads * HeadWidth;

    /// <summary>The inner width of a LLaMA of some width: two thirds of four times as much, up to the next multiple of 256.</summary>
    internal static int InnerWidthOf(int width) => (((2 * 4 * width / 3) + InnerMultiple - 1) / InnerMultiple) * InnerMultiple;

    /// <summary>Parameters outside the layers.</summary>
    internal IEnumerable<ParameterShape> OutsideParameters() =>
    [
        new(Words, [Vocabulary, Width]),
        new(LastNorm + ".weight", [Width]),
        .. IsTied ? [] : (ParameterShape[])[new(Output, [Vocabulary, Width])],
    ];

    /// <summary>Norm and Linears of a sub-layer.</summary>
    /// <param name="layer">The layer's number.</param>
    /// <param name="tokens">Tokens of a text.</param>
    internal IEnumerable<ProjectionPlace> Projections(int layer, ModuleKind part, int? module, int tokens)
    {
        var (place, norm) = (Place(layer, part), NormPlace(layer, part));
        return part == ModuleKind.FeedForward
            ?
            [
                new(norm, module, Width, Width, tokens, ProjectionRole.Norm),
                new(place + ".w1", module, Width, InnerWidth, tokens, ProjectionRole.Gate),
                new(place + ".w3", module, Width, InnerWidth, tokens, ProjectionRole.Expand),
                new(place + ".w2", module, InnerWidth, Width, tokens, ProjectionRole.Contract),
            ]
            :
            [
                new(norm, module, Width, Width, tokens, ProjectionRole.Norm),
                new(place + ".wq", module, Width, QueryWidth, tokens, ProjectionRole.Query),
                new(place + ".wk", module, Width, KeyValueWidth, tokens, ProjectionRole.Key),
                new(place + ".wv", module, Width, KeyValueWidth, tokens, ProjectionRole.Value),
                new(place + ".wo", module, QueryWidth, Width, tokens, ProjectionRole.AttentionOutput),
            ];
    }

    /// <summary>What a Linear or norm has.</summary>
    internal static ParameterShape ParameterOf(ProjectionPlace place) =>
        new(place.Name + ".weight", place.Role == ProjectionRole.Norm ? [place.Out] : [place.Out, place.In]);

    /// <summary>The name of a sub-layer in official checkpoints.</summary>
    internal static string Place(int layer, ModuleKind part) => $"{Layer}{layer}.{(part == ModuleKind.FeedForward ? "feed_forward" : "attention")}";

    /// <summary>The name of the norm before a sub-layer.</summary>
    internal static string NormPlace(int layer, ModuleKind part) => $"{Layer}{layer}.{(part == ModuleKind.FeedForward ? "ffn_norm" : "attention_norm")}";
}

/// <summary>Which numbers of a head's queries and keys rotary positions (Su et al., arXiv:2104.09864) turn together.</summary>
public enum RotaryLayout
{
    /// <summary>Neighbours, 2k and 2k + 1, as in the authors' checkpoints.</summary>
    Adjacent,

    /// <summary>k and k + half the head's width, as in Hugging Face's, whose rows of queries and keys are in another order.</summary>
    HalfSplit,
}

/// <summary>What a module of a LLaMA is: a layer, or a part of one.</summary>
internal readonly record struct LlamaModule(int Layer, ModuleKind Kind)
{
    /// <summary>What official checkpoints call it: <c>layers.3</c>, its <c>.attention</c> or its <c>.feed_forward</c>.</summary>
    internal string Name => Kind == ModuleKind.Whole ? $"{LlamaConfig.Layer}{Layer}" : LlamaConfig.Place(Layer, Kind);

    /// <summary>Its sub-layers in order of computation.</summary>
    internal IReadOnlyList<ModuleKind> Parts => Kind == ModuleKind.Whole ? [ModuleKind.Attention, ModuleKind.FeedForward] : [Kind];

    /// <summary>The modules in order of computation.</summary>
    internal static IReadOnlyList<LlamaModule> All(int layers, Granularity granularity)
    {
        ModuleKind[] kinds = granularity == Granularity.Layers ? [ModuleKind.Whole] : [ModuleKind.Attention, ModuleKind.FeedForward];
        return [.. Enumerable.Range(0, layers).SelectMany(layer => kinds.Select(kind => new LlamaModule(layer, kind)))];
    }
}

/// <summary>What a LLaMA's parts cost: parameters, and multiply-accumulates a sample; counted as <see cref="ViltCosts"/> does.</summary>
public static class LlamaCosts
{
    // LaVIN's longest texts (arXiv:2305.15023).
    private const int ProfiledTokens = 512;

    /// <summary>The whole backbone in numbers.</summary>
    /// <remarks>The scores of all words after every token count as outside.</remarks>
    public static BackboneDescription Describe(LlamaConfig config, InputShape input, Granularity granularity = Granularity.Layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(input);
        var (modules, n) = (LlamaModule.All(config.Layers, granularity), input.TextLength);
        var places = modules.SelectMany((module, i) => module.Parts.SelectMany(part => config.Projections(module.Layer, part, i, n))).ToList();
        var parameters = places.Select(static place => Info(LlamaConfig.ParameterOf(place), place.Module)).ToList();
        var sizes = parameters.ToLookup(static parameter => parameter.Module, static parameter => parameter.Count);
        var lavin = config.Lavin;
        return new BackboneDescription
        {
            Modules = [.. modules.Select((module, i) => new ModuleInfo(
                i, module.Name, module.Kind, "text", sizes[i].Sum(), module.Parts.Sum(part => Operations(config, part, n))))],
            Shapes = [.. modules.Select((module, i) => new ModuleShape(n, config.Width, module.Kind != ModuleKind.FeedForward, [i - 1]))],
            SubLayers = [.. modules.SelectMany((module, i) => module.Parts.Select(part => new SubLayer(LlamaConfig.Place(module.Layer, part), part, i)
            {
                Norm = LlamaConfig.NormPlace(module.Layer, part),
            }))],
            Projections = [.. places, new(LlamaConfig.LastNorm, null, config.Width, config.Width, n, ProjectionRole.Norm)],
            EncoderNorms = lavin?.Norms() ?? [],
            Parameters =
            [
                .. config.OutsideParameters().Concat(lavin?.ProjectionParameters(config.Width) ?? []).Concat(lavin?.TowerParameters() ?? []).Select(static shape => Info(shape, null)),
                .. parameters,
            ],
            AlwaysTrained = lavin is null ? [] : [LavinConfig.Projection],
            NeverTrained = lavin is null ? [] : [ClipConfig.ImageTower],
            SummaryWidth = config.Width,
            SummaryReadsAllTokens = true,
            OutsideMultiplyAccumulates = ((long)n * config.Width * config.Vocabulary) + (lavin?.Operations(config.Width) ?? 0),
        };
    }

    /// <summary>LLaMA-7B on texts of 512 tokens.</summary>
    public static BackboneDescription DescribeProfiled() => DescribeProfiled(new LlamaConfig());

    /// <summary>The same with CLIP ViT-L/14 to show it images.</summary>
    public static BackboneDescription DescribeProfiledLavin() => DescribeProfiled(new LlamaConfig { Lavin = new LavinConfig() });

    private static BackboneDescription DescribeProfiled(LlamaConfig config) => Describe(config, new InputShape(config.Vocabulary, ProfiledTokens, 0, 0, Images: 0));

    // Attention to all tokens counts in full, as it is computed, though half of them are never seen.
    private static long Operations(LlamaConfig config, ModuleKind part, long n)
    {
        var linears = config.Projections(0, part, null, 0).Where(static place => place.Role != ProjectionRole.Norm).Sum(place => n * place.In * place.Out);
        return linears + (part == ModuleKind.FeedForward ? 0 : 2 * n * n * config.QueryWidth);
    }

    private static ParameterInfo Info(ParameterShape shape, int? module) =>
        new(shape.Name, shape.Shape.Aggregate(1L, static (product, size) => product * size), module);
}
