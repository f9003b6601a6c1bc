using DasSearch.Core;
using DasSearch.Models.Backbones.Encoders;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>BERT (Devlin et al., arXiv:1810.04805) as a backbone that reads texts alone: one stream through post-norm layers.</summary>
/// <remarks>
/// Every layer is a module that can be skipped, or its attention and its feed-forward part are, each with the norm behind it; embeddings are not.
/// A skipped module hands its stream on, which is normalised already. The summary is the mean over the tokens that are there, as all-MiniLM was
/// trained; there is no pooler. Images are passed over.
/// </remarks>
public sealed class Bert : nn.Module, IBackbone
{
    private readonly BertEmbeddings embeddings;
    private readonly BertLayers encoder;
    private readonly IReadOnlyList<BertModule> _modules;

    /// <summary>One with fresh weights.</summary>
    /// <param name="request">Its sizes and checkpoint are left aside.</param>
    public Bert(BertConfig config, BackboneRequest request)
        : base(nameof(Bert))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(request);
        Config = config;
        _modules = BertModule.All(config.Layers, request.Granularity);
        embeddings = new BertEmbeddings(config, request.Device);
        var built = _modules.Where((_, i) => request.Absent?.Contains(i) != true);
        encoder = new BertLayers(
            config, built.SelectMany(static module => module.Parts.Select(part => (module.Layer, part))).GroupBy(static part => part.Layer, static part => part.part), request.Device);
        RegisterComponents();
        Initialise(this);
        Description = BertCosts.Describe(config, request.Input, request.Granularity);
    }

    public BertConfig Config { get; }

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    /// <remarks>Frozen: the sum of words, positions and segment, [batch, tokens, width], and the key bias.</remarks>
    public Embedded Embed(BackboneInput input, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(input);
        var sum = embeddings.Sum(input.TokenIds, input.TextMask);
        return new Embedded(
            [sum, Layers.KeyBias(input.TextMask, sum.dtype)],
            frozen => new HiddenState([embeddings.Complete(frozen[0], attached)], [frozen[1].alias()]));
    }

    /// <inheritdoc/>
    public HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(attached);
        var (x, run) = (state.Streams[0], _modules[module]);
        return state.With(skipped.Contains(module) ? attached.Replace(run.Name, x, tokens) : Run(run, x, state.KeyBiases[0], attached, tokens));
    }

    /// <inheritdoc/>
    public Features Finish(HiddenState state, FeatureKind wanted, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new Features(state.Streams, wanted != FeatureKind.Tokens ? Mean(state.Streams[0], state.KeyBiases[0]) : null);
    }

    private Tensor Run(BertModule module, Tensor x, Tensor keyBias, Attachments attached, long? tokens)
    {
        using var scope = NewDisposeScope();
        var wanted = tokens is { } count && count < x.size(1) ? x.narrow(1, 0, count) : x;
        foreach (var part in module.Parts)
        {
            // What attention asks is the stream before it; the feed-forward part asks nobody.
            wanted = encoder[module.Layer].Run(part, wanted, x, keyBias, attached);
        }

        return wanted.MoveToOuterDisposeScope();
    }

    // [batch, tokens, width] to [batch, width].
    private static Tensor Mean(Tensor x, Tensor keyBias)
    {
        using var scope = NewDisposeScope();
        var there = keyBias.flatten(1).eq(0).unsqueeze(-1).to(x.dtype); // [batch, tokens, 1]
        return ((x * there).sum([1L]) / there.sum([1L])).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the weights of a new network as BERT's authors do.</summary>
    /// <param name="generator">What they are drawn from; null for libtorch's own.</param>
    internal static void Initialise(nn.Module network, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in network.named_parameters())
        {
            // nn.init.normal_ of TorchSharp 0.107 takes a generator, but does not draw from it.
            _ = name.EndsWith("bias", StringComparison.Ordinal) ? nn.init.zeros_(parameter)
                : name.Contains("LayerNorm", StringComparison.Ordinal) ? parameter
                : parameter.detach().copy_(0.02 * randn(parameter.shape, device: parameter.device, generator: generator));
        }
    }
}

/// <summary>What a module of a BERT is: a layer, or a part of one.</summary>
internal readonly record struct BertModule(int Layer, ModuleKind Kind)
{
    internal string LayerName => $"{BertConfig.Layer}{Layer}";

    /// <summary>What official checkpoints call it: <c>encoder.layer.3</c>, its <c>.attention</c> or its <c>.output</c>.</summary>
    internal string Name => Kind == ModuleKind.Whole ? LayerName : BertShapes.Place(LayerName, Kind);

    /// <summary>Its sub-layers in order of computation.</summary>
    internal IReadOnlyList<ModuleKind> Parts => Kind == ModuleKind.Whole ? [ModuleKind.Attention, ModuleKind.FeedForward] : [Kind];

    /// <summary>The modules in order of computation.</summary>
    internal static IReadOnlyList<BertModule> All(int layers, Granularity granularity)
    {
        ModuleKind[] kinds = granularity == Granularity.Layers ? [ModuleKind.Whole] : [ModuleKind.Attention, ModuleKind.FeedForward];
        return [.. Enumerable.Range(0, layers).SelectMany(layer => kinds.Select(kind => new BertModule(layer, kind)))];
    }
}

/// <summary>What a BERT's parts cost: parameters, and multiply-accumulates a sample.</summary>
public static class BertCosts
{
    // What all-MiniLM was trained on.
    private const int ProfiledTokens = 128;

    /// <summary>The whole backbone in numbers.</summary>
    public static BackboneDescription Describe(BertConfig config, InputShape input, Granularity granularity = Granularity.Layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(input);
        var (modules, n) = (BertModule.All(config.Layers, granularity), input.TextLength);
        var parameters = modules
            .SelectMany((module, i) => module.Parts.SelectMany(part => config.LayerParameters(module.LayerName, part)).Select(shape => Info(shape, i)))
            .ToList();
        var sizes = parameters.ToLookup(static parameter => parameter.Module, static parameter => parameter.Count);
        return new BackboneDescription
        {
            Modules = [.. modules.Select((module, i) => new ModuleInfo(
                i, module.Name, module.Kind, "text", sizes[i].Sum(), module.Parts.Sum(part => BertShapes.MultiplyAccumulates(config.Sizes, part, n, n))))],
            Shapes = [.. modules.Select((module, i) => new ModuleShape(n, config.Width, module.Kind != ModuleKind.FeedForward, [i - 1]))],
            SubLayers = [.. modules.SelectMany((module, i) => module.Parts.Select(part => new SubLayer(BertShapes.Place(module.LayerName, part), part, i)
            {
                Normed = BertShapes.NormPlace(module.LayerName, part),
            }))],
            Projections =
            [
                new(BertConfig.EmbeddingNorm, null, config.Width, config.Width, n, ProjectionRole.EmbeddingNorm),
                .. modules.SelectMany((module, i) => module.Parts.SelectMany(part => BertShapes.Projections(config.Sizes, module.LayerName, part, i, n, n))),
            ],
            Parameters = [.. config.EmbeddingParameters().Select(static shape => Info(shape, null)), .. parameters],
            AlwaysTrained = [],
            SummaryWidth = config.Width,
            SummaryReadsAllTokens = true,
            OutsideMultiplyAccumulates = 0,
        };
    }

    /// <summary>all-MiniLM-L6-v2 on texts of 128 tokens.</summary>
    public static BackboneDescription DescribeProfiled() =>
        Describe(BertConfig.MiniLm, new InputShape(BertConfig.MiniLm.Vocabulary, ProfiledTokens, 0, 0, Images: 0));

    private static ParameterInfo Info(ParameterShape shape, int? module) =>
        new(shape.Name, shape.Shape.Aggregate(1L, static (product, size) => product * size), module);
}
