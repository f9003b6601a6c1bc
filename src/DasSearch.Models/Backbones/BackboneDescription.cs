using DasSearch.Core;

namespace DasSearch.Models.Backbones;

/// <summary>A backbone in numbers: what a search, an account or a profile has to know without building it.</summary>
public sealed record BackboneDescription
{
    /// <summary>The modules that can be skipped, in order of computation.</summary>
    public required IReadOnlyList<ModuleInfo> Modules { get; init; }

    /// <summary>What each of them works on.</summary>
    public required IReadOnlyList<ModuleShape> Shapes { get; init; }

    /// <summary>Places for branches.</summary>
    public required IReadOnlyList<SubLayer> SubLayers { get; init; }

    /// <summary>Linears and norms, which projections can be put around.</summary>
    public required IReadOnlyList<ProjectionPlace> Projections { get; init; }

    /// <summary>Norms before the attentions of a frozen encoder, which adapters can be put behind; none where there is no such encoder.</summary>
    public IReadOnlyList<ProjectionPlace> EncoderNorms { get; init; } = [];

    /// <summary>Every parameter; no heads.</summary>
    public required IReadOnlyList<ParameterInfo> Parameters { get; init; }

    /// <summary>
    /// Beginnings of the names of parameters that are trained whatever the transfer method: DAS's code trains poolers and modality
    /// embeddings beside what a method adds, and keeps all else frozen.
    /// </summary>
    public required IReadOnlyList<string> AlwaysTrained { get; init; }

    /// <summary>Beginnings of the names of parameters that are never trained, whatever the transfer method: those of frozen encoders.</summary>
    public IReadOnlyList<string> NeverTrained { get; init; } = [];

    /// <summary>Beginnings of the names of those of them that come with packages, and that the backbone's checkpoints do not hold.</summary>
    public IReadOnlyList<string> Packaged { get; init; } = [];

    /// <summary>What names of parameters between its streams contain, attached ones included, which may learn at a rate of their own; null where there are none.</summary>
    public string? CrossModal { get; init; }

    /// <summary>Width of the vector that heads see.</summary>
    public required int SummaryWidth { get; init; }

    /// <summary>Whether that vector is made of all tokens; by default, of the first one of each stream.</summary>
    public bool SummaryReadsAllTokens { get; init; }

    /// <summary>Tokens at the beginning of its stream that stand for a whole image, before those of patches; 0, by default, for none.</summary>
    public int ClassTokens { get; init; }

    /// <summary>Inner width of classifiers: twice the summary's, unless a backbone's authors have another one.</summary>
    public int ClassifierWidth { get => field > 0 ? field : 2 * SummaryWidth; init; }

    /// <summary>Whether tokens can be put at the ends of its streams, such as prompts; not where tokens attend by their places in a grid.</summary>
    public bool TakesMoreTokens { get; init; } = true;

    /// <summary>Whether texts and images come into one space, each on its own: see <see cref="Features.Shared"/>. A pass may then have more of one than of the other.</summary>
    public bool HasSharedSpace { get; init; }

    /// <summary>What its checkpoints call a classifier of images that is one Linear; null, by default, where classifiers are of two.</summary>
    public string? LinearClassifier { get; init; }

    /// <summary>Multiply-accumulates outside the modules, for one sample.</summary>
    public required long OutsideMultiplyAccumulates { get; init; }

    /// <summary>Parameters outside the modules: embeddings, norms, poolers; no heads.</summary>
    public long OutsideParameters => Parameters.Where(static parameter => parameter.Module is null).Sum(static parameter => parameter.Count);

    /// <summary>The modules by name and kind, in order: where adapters can be placed.</summary>
    public IReadOnlyList<ModulePart> Parts => [.. Modules.Select(static module => module.Part)];

    /// <summary>Tokens of the stream that a module attends to beside its own; 0 where there is none.</summary>
    public int ContextTokens(int module) => Shapes[module].Context is null
        ? 0
        : Shapes.First(shape => shape.Stream != Shapes[module].Stream).Tokens;

    /// <summary>Whether a parameter is trained whatever the transfer method.</summary>
    public bool IsAlwaysTrained(string parameter) =>
        AlwaysTrained.Any(start => parameter.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Whether a parameter comes with a package.</summary>
    public bool IsPackaged(string parameter) =>
        Packaged.Any(start => parameter.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Whether a parameter is between the streams.</summary>
    public bool IsCrossModal(string parameter) => CrossModal is { } part && parameter.Contains(part, StringComparison.Ordinal);

    /// <summary>Whether a parameter is trained by no method.</summary>
    public bool IsNeverTrained(string parameter) =>
        NeverTrained.Any(start => parameter.StartsWith(start, StringComparison.Ordinal));
}

/// <summary>What a module works on: [batch, tokens, width].</summary>
/// <param name="Tokens">Tokens of one sample.</param>
/// <param name="Width">Width of a token's vector.</param>
/// <param name="MixesTokens">Whether what a token gets depends on other tokens, as in attention.</param>
/// <param name="DependsOn">Indices of the modules whose results it reads, −1 for the embeddings; its own stream's comes first.</param>
/// <param name="Stream">Place of its own stream among those of the state that it is given.</param>
public sealed record ModuleShape(int Tokens, int Width, bool MixesTokens, IReadOnlyList<int> DependsOn, int Stream = 0)
{
    /// <summary>Place of the stream that it attends to beside its own, among those of the state that it is given; null for none.</summary>
    public int? Context { get; init; }

    /// <summary>What DAS's code calls an adapter in its place; null for <c>adapter_list</c> and its index.</summary>
    public string? Replacement { get; init; }
}

/// <summary>Attention or a feed-forward part with a residual around it.</summary>
/// <param name="Name">Its name in official checkpoints, such as <c>transformer.blocks.3.attn</c>.</param>
/// <param name="Kind">Which of the two.</param>
/// <param name="Module">Index of the module that it belongs to.</param>
public sealed record SubLayer(string Name, ModuleKind Kind, int Module)
{
    /// <summary>Where branches see what it gives behind residual and norm, and nothing is added afterwards; null where no norm comes after the residual.</summary>
    public string? Normed { get; init; }

    /// <summary>The norm that it reads the stream through, and that stays for what stands in place of the module; null where it has none of the kind.</summary>
    public string? Norm { get; init; }

    /// <summary>What DAS's code calls an adapter at it; null where it has none.</summary>
    public string? Adapter { get; init; }
}

/// <summary>A Linear or a norm.</summary>
/// <param name="Name">Its name in official checkpoints, such as <c>transformer.blocks.3.attn.qkv</c>.</param>
/// <param name="Module">Index of the module that it belongs to; null outside.</param>
/// <param name="In">Width of what it reads.</param>
/// <param name="Out">Width of what it gives.</param>
/// <param name="Tokens">Tokens of a sample that it sees.</param>
/// <param name="Role">What it is for.</param>
public sealed record ProjectionPlace(string Name, int? Module, int In, int Out, int Tokens, ProjectionRole Role)
{
    /// <summary>The rank of a Linear that is two of a low rank; null where it is one.</summary>
    public int? Rank { get; init; }

    /// <summary>What its bias is called.</summary>
    public string Bias => LowRank.BiasOf(Name, Rank);
}

/// <summary>What a Linear or norm is for.</summary>
public enum ProjectionRole
{
    /// <summary>A norm within a module, or after the last one.</summary>
    Norm,

    /// <summary>A norm of embeddings, which is run before the first module.</summary>
    EmbeddingNorm,

    /// <summary>From pixels to tokens, in the half of <see cref="IBackbone.Embed"/> that is frozen otherwise.</summary>
    Patches,

    /// <summary>Queries, keys and values of attention in one, one after the other.</summary>
    QueryKeyValue,

    /// <summary>Queries of attention.</summary>
    Query,

    /// <summary>Keys of attention, of the stream that it asks.</summary>
    Key,

    /// <summary>Values of attention, of the stream that it asks.</summary>
    Value,

    /// <summary>Attention's last one.</summary>
    AttentionOutput,

    /// <summary>The feed-forward part's first one.</summary>
    Expand,

    /// <summary>What gates that one's result in SwiGLU, and reads the same.</summary>
    Gate,

    /// <summary>The feed-forward part's last one.</summary>
    Contract,

    /// <summary>After the last module, before heads.</summary>
    Pooler,
}

/// <summary>A parameter.</summary>
/// <param name="Name">Its name in official checkpoints.</param>
/// <param name="Count">How many numbers it has.</param>
/// <param name="Module">Index of the module that it belongs to; null outside.</param>
public sealed record ParameterInfo(string Name, long Count, int? Module);
