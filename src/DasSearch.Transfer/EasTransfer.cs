using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Dropout = DasSearch.Models.Backbones.Dropout;

namespace DasSearch.Transfer;

/// <summary>PIA before kept attentions as Efficient Attention Skipping has it on decoders (the authors' code for LaVIN; no paper was at hand).</summary>
/// <remarks>
/// What a norm gives becomes n + A(n): A as in <see cref="LavinTransfer"/>, but its two ways are weighed by the mean of all tokens but the first, which is the
/// modality in LaVIN; padding counts, as in the code. For one text it folds into queries, keys and values: <see cref="TextFold"/>. One has 150,626 parameters of a
/// width of 768 with h = 96.
/// </remarks>
public sealed class EasTransfer() : DecoderTransfer(new RoutedAdapter(EasReplacement.Kind), "PIA of EAS on decoders, before attention; folds into it for one text", 8);

/// <summary>PIA in place of a skipped attention of a decoder (EAS): the feed-forward part reads γ ⊙ (n + PIA(n)) in place of its norm, whose weight γ is.</summary>
/// <remarks>
/// PIA(n) = w₀ · B z + w₁ · D z, z = ½ dropout(C n + mean of A n), w = softmax(E m / 10), n being what the attention would have read and m the mean of all tokens
/// but the first. Attention, its residual and the feed-forward part's own normalisation are gone: y = x + feed-forward(γ ⊙ (n + PIA(n))). In
/// place of anything else, which EAS does not skip, it is x + PIA(n), or x + PIA(x) where a backbone has no such norm. One has 335,138 parameters of a width of 768 with h = 144.
/// </remarks>
public sealed class EasReplacement() : AdapterKind(Kind)
{
    internal const string Kind = "eas";

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [new AdapterPlacement(module.Name, Placement.Replace, Site.Module, Type, DasPlacement.WidthInPlace(settings.Adapters), "none", "none", scale: 1)];
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        PiaLayers.Check(spot);
        long width = spot.Shape.Width, size = spot.Size;
        return new AddedToModule(
            (2 * ((width * size) + size)) + (2 * ((width * size / 2) + width)) + (2 * width) + 2, (3 * spot.Shape.Tokens * width * size) + (2 * width));
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        return Piece.At(spot.Module.Name, new EasAttention(spot, request.Device), $"{Type}_list.{spot.Module.Index}");
    }
}

/// <summary>What stands in place of an attention.</summary>
internal sealed class EasAttention : Replacement
{
    private const double Half = 0.5;

    private readonly Linear conv_A, conv_C, expert_weights;
    private readonly GroupedLinear conv_B, conv_D;
    private readonly Dropout _dropout = new(PiaLayers.Dropped);

    internal EasAttention(AdapterSpot spot, Device device)
        : base(nameof(EasAttention))
    {
        conv_A = PiaLayers.Inner(spot, device);
        conv_C = PiaLayers.Inner(spot, device);
        conv_B = new GroupedLinear(spot.Size, spot.Shape.Width, device);
        conv_D = new GroupedLinear(spot.Size, spot.Shape.Width, device);
        expert_weights = TwoWays.Router(spot.Shape.Width, device);
        RegisterComponents();
    }

    public override bool MixesTokens => true;

    public override bool HandsOn => true;

    public override Tensor forward(Tensor input) => Add(input, input);

    public override Tensor Normed(Tensor input, Func<Tensor, Tensor> norm)
    {
        using var scope = NewDisposeScope();
        return Add(input, norm(input)).MoveToOuterDisposeScope();
    }

    public override Tensor HandOn(Tensor input, Func<Tensor, Tensor> norm)
    {
        using var scope = NewDisposeScope();
        return call(norm(input)).MoveToOuterDisposeScope();
    }

    private Tensor Add(Tensor stream, Tensor read)
    {
        using var scope = NewDisposeScope();
        var mean = conv_A.call(read).mean([1L], keepdim: true); // [batch, 1, h]
        var inner = _dropout.call(conv_C.call(read) + mean) * Half;
        return (stream + TwoWays.Up(conv_B, conv_D, inner, Weights(read))).MoveToOuterDisposeScope();
    }

    /// <summary>What it makes of any token of a text, whose means are those of what is read here.</summary>
    /// <param name="read">What it reads of the text: [1, tokens, width].</param>
    internal AffineMap Fold(Tensor read)
    {
        using var scope = NewDisposeScope();
        var (both, shift) = TwoWays.Fold(conv_B, conv_D, Weights(read));
        var up = both * Half;
        var moved = up.mv(conv_C.bias! + conv_A.call(read).mean([0L, 1])) + shift;
        return new AffineMap(up.MoveToOuterDisposeScope(), conv_C.weight!.alias().MoveToOuterDisposeScope(), moved.MoveToOuterDisposeScope());
    }

    private Tensor Weights(Tensor read) => TwoWays.Weights(expert_weights, TwoWays.MeanOfRest(read));
}
