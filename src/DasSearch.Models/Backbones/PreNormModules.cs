using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using DasSearch.Core;

namespace DasSearch.Models.Backbones;

/// <summary>The sizes of pre-norm Transformer blocks (Dosovitskiy et al., arXiv:2010.11929).</summary>
/// <param name="Width">Width of a token's vector.</param>
/// <param name="Heads">Attention heads; a divisor of the width.</param>
/// <param name="InnerWidth">Width of the feed-forward part.</param>
/// <param name="Dropout">Probability of dropout after projections and feed-forward; attention itself has none.</param>
/// <param name="Ranks">The ranks of Linears that are two of a low rank each, by name.</param>
internal sealed record PreNormSizes(int Width, int Heads, int InnerWidth, double Dropout, IReadOnlyDictionary<string, int> Ranks)
{
    /// <summary>No Linear of a low rank.</summary>
    internal static IReadOnlyDictionary<string, int> FullRank { get; } = FrozenDictionary<string, int>.Empty;

    /// <summary>What norms add to the variance.</summary>
    internal double Eps { get; init; } = PreNormBlock.Eps;

    /// <summary>Side of the windows within which tokens attend, with a bias for each relative position; null where they attend to all of them.</summary>
    internal int? Window { get; init; }

    /// <summary>What is between the Linears of the feed-forward part.</summary>
    internal GeluKind Gelu { get; init; }

    /// <summary>Whether what sub-layers give has a factor for each channel.</summary>
    internal bool HasLayerScale { get; init; }

    /// <summary>The rank of a Linear; null where it is of full rank.</summary>
    internal int? RankOf(string layer) => Ranks.TryGetValue(layer, out var rank) ? rank : null;
}

/// <summary>The GELU (arXiv:1606.08415) between the Linears of a feed-forward part.</summary>
public enum GeluKind
{
    /// <summary>x Φ(x).</summary>
    Exact,

    /// <summary>x σ(1.702 x).</summary>
    Quick,
}

/// <summary>What checkpoints call the parts of a block.</summary>
/// <param name="AttentionNorm">The norm before attention.</param>
/// <param name="Attention">Attention.</param>
/// <param name="FeedForwardNorm">The norm before the feed-forward part.</param>
/// <param name="Projections">Attention's Linears in order: one that gives queries, keys and values, or one each; and that of its output.</param>
internal sealed record PreNormNames(string AttentionNorm, string Attention, string FeedForwardNorm, IReadOnlyList<string> Projections)
{
    /// <summary>timm's, as ViLT, ViT and Swin have them.</summary>
    internal static PreNormNames Timm { get; } = new("norm1", "attn", "norm2", ["qkv", "proj"]);

    /// <summary>Those of Hugging Face's CLIP.</summary>
    internal static PreNormNames Clip { get; } = new("layer_norm1", "self_attn", "layer_norm2", ["q_proj", "k_proj", "v_proj", "out_proj"]);
}

/// <summary>A module of one list of pre-norm blocks: a block, or a part of one.</summary>
/// <param name="Prefix">What stands before a block's number, such as <c>transformer.blocks.</c>.</param>
/// <param name="Block">Its number.</param>
/// <param name="Kind">What of it.</param>
internal readonly partial record struct BlockModule(string Prefix, int Block, ModuleKind Kind)
{
    private static readonly ProjectionRole[] _apart = [ProjectionRole.Query, ProjectionRole.Key, ProjectionRole.Value];

    /// <summary>What the parts of a block are called.</summary>
    internal PreNormNames Names { get; init; } = PreNormNames.Timm;

    internal string Number => Block.ToString(CultureInfo.InvariantCulture);

    internal string BlockName => Prefix + Number;

    /// <summary>What official checkpoints call it: <c>transformer.blocks.3</c>, its <c>.attn</c> or its <c>.mlp</c>.</summary>
    internal string Name => Kind switch
    {
        ModuleKind.Whole => BlockName,
        ModuleKind.Attention => $"{BlockName}.{Names.Attention}",
        _ => BlockName + ".mlp",
    };

    /// <summary>Its sub-layers in order of computation.</summary>
    internal IReadOnlyList<BlockModule> SubLayers => Kind == ModuleKind.Whole
        ? [this with { Kind = ModuleKind.Attention }, this with { Kind = ModuleKind.FeedForward }]
        : [this];

    /// <summary>The modules in order of computation.</summary>
    internal static IReadOnlyList<BlockModule> All(string prefix, int blocks, Granularity granularity, PreNormNames? names = null)
    {
        ModuleKind[] kinds = granularity == Granularity.Layers ? [ModuleKind.Whole] : [ModuleKind.Attention, ModuleKind.FeedForward];
        return [.. Enumerable.Range(0, blocks).SelectMany(block => kinds.Select(kind => new BlockModule(prefix, block, kind) { Names = names ?? PreNormNames.Timm }))];
    }

    /// <summary>The Linear of a block that a tensor of a ViLT, ViT or Swin belongs to, as a whole or as one of two factors: its name; null where it belongs to none.</summary>
    internal static string? LinearOf(string tensor) => Linear().Match(tensor) is { Success: true } found ? found.Groups[1].Value : null;

    /// <summary>Its Linears and norms, in order of computation.</summary>
    /// <param name="module">Its index.</param>
    /// <param name="tokens">Tokens of a sample.</param>
    internal IEnumerable<ProjectionPlace> Projections(PreNormSizes sizes, int? module, int tokens)
    {
        var (name, d, inner, names) = (BlockName, sizes.Width, sizes.InnerWidth, Names);
        return SubLayers.SelectMany<BlockModule, ProjectionPlace>(part => part.Kind == ModuleKind.Attention
            ?
            [
                new($"{name}.{names.AttentionNorm}", module, d, d, tokens, ProjectionRole.Norm),
                .. names.Projections.SkipLast(1).Select((own, i) => names.Projections.Count == 2
                    ? Linear($".{names.Attention}.{own}", d, 3 * d, ProjectionRole.QueryKeyValue)
                    : Linear($".{names.Attention}.{own}", d, d, _apart[i])),
                Linear($".{names.Attention}.{names.Projections[^1]}", d, d, ProjectionRole.AttentionOutput),
            ]
            :
            [
                new($"{name}.{names.FeedForwardNorm}", module, d, d, tokens, ProjectionRole.Norm),
                Linear(".mlp.fc1", d, inner, ProjectionRole.Expand),
                Linear(".mlp.fc2", inner, d, ProjectionRole.Contract),
            ]);

        ProjectionPlace Linear(string own, int width, int result, ProjectionRole role) =>
            new(name + own, module, width, result, tokens, role) { Rank = sizes.RankOf(name + own) };
    }

    /// <summary>Its parameters.</summary>
    internal IEnumerable<ParameterShape> Parameters(PreNormSizes sizes)
    {
        var name = BlockName;
        var places = Projections(sizes, module: null, tokens: 0).SelectMany(static place => place.Role == ProjectionRole.Norm
            ? [new ParameterShape(place.Name + ".weight", [place.Out]), new ParameterShape(place.Name + ".bias", [place.Out])]
            : LowRank.Shapes(place.Name, place.In, place.Out, place.Rank));
        return
        [
            .. places,
            .. sizes.HasLayerScale ? SubLayers.Select(part => new ParameterShape(part.ScaleOf(name), [sizes.Width])) : [],
            .. sizes.Window is { } window && Kind != ModuleKind.FeedForward
                ? [new ParameterShape($"{name}.attn.{WindowAttention.Biases}", [WindowAttention.RelativePositions(window), sizes.Heads])]
                : Array.Empty<ParameterShape>(),
        ];
    }

    [GeneratedRegex(@"^((?:transformer\.|layers\.\d+\.)?blocks\.\d+\.(?:attn\.qkv|attn\.proj|mlp\.fc1|mlp\.fc2))(?:\.[01])?\.(?:weight|bias)\z")]
    private static partial Regex Linear();

    private string ScaleOf(string block) => block + (Kind == ModuleKind.Attention ? ".ls1.gamma" : ".ls2.gamma");
}

/// <summary>Pre-norm blocks in numbers: parameters, and multiply-accumulates a sample.</summary>
/// <param name="Sizes">Their sizes.</param>
/// <param name="Modules">The modules.</param>
/// <param name="Tokens">Tokens of a sample.</param>
/// <param name="Stream">What the stream is called that they work on.</param>
internal sealed record BlockList(PreNormSizes Sizes, IReadOnlyList<BlockModule> Modules, int Tokens, string Stream)
{
    /// <summary>How many modules there are before them.</summary>
    internal int First { get; init; }

    // Tokens that one attends to.
    private long Attended => Sizes.Window is { } window ? (long)window * window : Tokens;

    internal IReadOnlyList<ModuleInfo> Infos => [.. Modules.Select((module, i) => new ModuleInfo(
        First + i, module.Name, module.Kind, Stream, module.Parameters(Sizes).Sum(static shape => shape.Count), Operations(module)))];

    internal IReadOnlyList<ModuleShape> Shapes => [.. Modules.Select((module, i) => new ModuleShape(Tokens, Sizes.Width, module.Kind != ModuleKind.FeedForward, [First + i - 1]))];

    internal IReadOnlyList<SubLayer> SubLayers => [.. Modules.SelectMany((module, i) => module.SubLayers.Select(part => new SubLayer(part.Name, part.Kind, First + i)))];

    internal IEnumerable<ProjectionPlace> Projections => Modules.SelectMany((module, i) => module.Projections(Sizes, First + i, Tokens));

    internal IEnumerable<ParameterInfo> Parameters => Modules.SelectMany((module, i) => module.Parameters(Sizes).Select(shape => new ParameterInfo(shape.Name, shape.Count, First + i)));

    // 4nd² for the projections and 2nd · inner for the feed-forward part, where these are of full rank; 2nmd for the scores and their use, where one attends to m.
    private long Operations(BlockModule module)
    {
        long d = Sizes.Width, n = Tokens;
        var linears = module.Projections(Sizes, module: null, Tokens)
            .Sum(place => place.Role == ProjectionRole.Norm ? 0 : LowRank.MultiplyAccumulates(n, place.In, place.Out, place.Rank));
        return linears + (module.Kind == ModuleKind.FeedForward ? 0 : 2 * n * Attended * d);
    }
}
