using System.Globalization;
using System.Text.RegularExpressions;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;

namespace DasSearch.Exports;

/// <summary>What a method or a replacement puts at one place of a ViLT, as exports see it: by the official names of its weights.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Name">What its weights' names begin with; empty where they stand in the model itself.</param>
/// <param name="Place">The Linear or norm, sub-layer or module where it stands.</param>
internal sealed record PlannedPiece(PieceKind Kind, string Name, string Place)
{
    /// <summary>The layers by which APT's keys come of its tokens, of which there may be two, one or none.</summary>
    internal static IReadOnlyList<string> KeyLayers { get; } = ["mm.0", "mm.1"];

    /// <summary>What its output is multiplied by.</summary>
    internal double Scale { get; init; } = 1;

    /// <summary>What it reads of <see cref="Attachments.Join"/>'s three.</summary>
    internal PieceInput Reads { get; init; }

    /// <summary>What weighs APT's prompts; null for other kinds.</summary>
    internal string? Alpha { get; init; }

    /// <summary>A weight's name.</summary>
    internal string Of(string weight) => Name.Length == 0 ? weight : $"{Name}.{weight}";
}

/// <summary>What a piece computes.</summary>
internal enum PieceKind
{
    /// <summary>At a sub-layer: output + s · up(relu(down(norm(·)))), of what <see cref="PieceInput"/> says; not all have the norm.</summary>
    Adapter,

    /// <summary>In place of a module: x + s · up(relu(down(norm(x)))).</summary>
    AdapterInPlace,

    /// <summary>Around qkv: + s · B A x for queries and values (LoRA, arXiv:2106.09685).</summary>
    Lora,

    /// <summary>Around a Linear, norm or convolution: y ⊙ scale + shift (SSF, arXiv:2210.08823).</summary>
    ScaleShift,

    /// <summary>At attention: (output + α ⊙ relu(read Kᵀ) P') · eˢ (APT, arXiv:2306.15706).</summary>
    Apt,

    /// <summary>At a sub-layer: chosen channels x' of its output, or of the residual, become x' + L x' (TTC, arXiv:2303.07910).</summary>
    Channels,

    /// <summary>Before a module: more tokens, which only its attention sees.</summary>
    Prompts,

    /// <summary>Before the first module: more tokens, which stay.</summary>
    StayingPrompts,

    /// <summary>In place of a text's first token.</summary>
    ClassToken,

    /// <summary>Before a Linear: x + s · B(A x) (EAS's PIA).</summary>
    Pia,

    /// <summary>In place of a module: x + s · B(½ (C x + mean of A x)).</summary>
    PiaInPlace,
}

/// <summary>What a piece at a sub-layer reads.</summary>
internal enum PieceInput
{
    /// <summary>What the sub-layer gave.</summary>
    Output,

    /// <summary>What the sub-layer read: the norm of the stream.</summary>
    Read,

    /// <summary>The residual stream.</summary>
    Stream,

    /// <summary>The residual stream and what the sub-layer gave, added.</summary>
    Sum,
}

/// <summary>Recognises pieces by the names of their weights.</summary>
internal static class PlannedPieces
{
    private const string Block = @"(?<block>transformer[.]blocks[.]\d+)";
    private const string Bottleneck = "(down_proj|up_proj|adapter_layer_norm_before)[.](weight|bias)";
    private const string Square = "weight|bias|channels";
    private const string Convolutions = "conv_[ABC][.](weight|bias)";

    // For each kind: a piece's name, its weights within it, and where it stands; "#" is the module of the index in the name.
    private static readonly (PieceKind Kind, string Name, string Weights, string Place, PieceInput Reads)[] _forms =
    [
        (PieceKind.Adapter, Block + "[.]adapter0", Bottleneck, "${block}.attn", PieceInput.Stream),
        (PieceKind.Adapter, Block + "[.]adapter1", Bottleneck, "${block}.mlp", PieceInput.Stream),
        (PieceKind.Adapter, Block + "[.]attn[.]adapter", Bottleneck, "${block}.attn", PieceInput.Read),
        (PieceKind.Adapter, Block + "[.]adapter_(?<part>attn|mlp)", Bottleneck, "${block}.${part}", PieceInput.Output),
        (PieceKind.AdapterInPlace, @"adapter_list[.](?<index>\d+)[.]0", Bottleneck, "#", default),
        (PieceKind.Lora, Block + "[.]attn[.]qkv", "lora_[AB][.](query|value)[.]weight", "${block}.attn.qkv", default),
        (PieceKind.ScaleShift, ".+", "ssf_scale|ssf_shift", "${name}", default),
        (PieceKind.Apt, Block + "[.]attn", "mm_tokens|scale|mm[.][01][.]weight", "${block}.attn", PieceInput.Read),
        (PieceKind.Channels, Block + "[.](?<part>attn|mlp)[.]ttc", Square, "${block}.${part}", PieceInput.Output),
        (PieceKind.Channels, Block + "[.]sct", Square, "${block}.attn", PieceInput.Sum),
        (PieceKind.Channels, Block + "[.]ttc", Square, "${block}.mlp", PieceInput.Sum),
        (PieceKind.Prompts, Block, "prompts", "${block}", default),
        (PieceKind.StayingPrompts, "prompts", "0", "transformer.blocks", default),
        (PieceKind.ClassToken, "", "token4classifier", "text_embeddings.LayerNorm", default),
        (PieceKind.Pia, Block + "[.]attn[.]pia", Convolutions, "${block}.attn.qkv", default),
        (PieceKind.Pia, Block + "[.]mlp[.]pia", Convolutions, "${block}.mlp.fc1", default),
        (PieceKind.PiaInPlace, @"pia_list[.](?<index>\d+)", Convolutions, "#", default),
    ];

    /// <summary>The pieces that weights belong to, each once, in the order of their names.</summary>
    /// <param name="weights">Official names.</param>
    /// <param name="alpha">What weighs APT's prompts.</param>
    /// <exception cref="ExportException">A weight is of no kind that exports know.</exception>
    internal static IReadOnlyList<PlannedPiece> Of(
        IEnumerable<string> weights, IReadOnlyList<ModuleInfo> modules, IReadOnlyList<AdapterPlacement> placements, string method, string? alpha) =>
        [.. weights.Select(weight => Of(weight, modules, method)).Distinct().OrderBy(static piece => piece.Name, StringComparer.Ordinal)
            .Select(piece => piece with { Scale = ScaleOf(piece, placements), Alpha = piece.Kind == PieceKind.Apt ? alpha : null })];

    private static PlannedPiece Of(string weight, IReadOnlyList<ModuleInfo> modules, string method)
    {
        foreach (var (kind, name, within, place, reads) in _forms)
        {
            var match = Regex.Match(weight, $"^(?<name>{name}){(name.Length > 0 ? "[.]" : "")}({within})$", RegexOptions.CultureInvariant);
            if (match.Success)
            {
                var stands = place == "#" ? modules[int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture)].Name : match.Result(place);
                return new PlannedPiece(kind, match.Groups["name"].Value, stands) { Reads = reads };
            }
        }

        throw new ExportException($"networks with {weight} of {method} cannot be exported unmerged: nothing here computes it");
    }

    // Plans place by module and site, pieces stand in the module or are it.
    private static double ScaleOf(PlannedPiece piece, IReadOnlyList<AdapterPlacement> placements) =>
        placements.FirstOrDefault(placed => piece.Place == placed.Module
            || (placed.Site != Site.Module && (piece.Place + ".").StartsWith(PlaceOf(placed), StringComparison.Ordinal)))?.Scale ?? 1;

    private static string PlaceOf(AdapterPlacement placed)
    {
        var part = placed.Site == Site.Attention ? ".attn" : ".mlp";
        return (placed.Module.EndsWith(part, StringComparison.Ordinal) ? placed.Module : placed.Module + part) + ".";
    }
}
