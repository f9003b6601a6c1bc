using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>Deep prompts (Jia et al., arXiv:2203.12119): tokens of its own for every module with attention, which are gone after it.</summary>
/// <remarks>
/// p tokens [p, width] at the end of the stream pass the module's norm, where it begins with one, and are keys and values of its attention; nothing
/// asks by them, and the residual and the feed-forward part do without. ViLT-B, p = 200: 12 · 200 · 768 = 1,843,200 parameters. Multiply-accumulates
/// are counted as in the published figure, 3pd² + 2npd a module, whose third pd² are the prompts' queries; here these are not computed, since nothing
/// reads them. Attention to another stream has p tokens more at that stream's end, of which it makes keys and values: 2pd² + 2npd. METER, p = 200:
/// 24 · 200 · 768 = 3,686,400 parameters, the published 3.68 M of APT (arXiv:2306.15706), whose code has prompts for attention to the other stream
/// alone. Its published 13.05 G is more than such prompts take, 9.35 G; it would be 3pd² + 4npd for each of the 24 attentions.
/// </remarks>
public sealed class PromptDeepTransfer() : PlacedTransfer("prompt-deep", "prompts for each module's attention, of METER for both")
{
    private static readonly MethodOption<int> _tokens = MethodOption.Count("tokens", 200, "prompts of each attention");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_tokens];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _tokens;

    /// <inheritdoc/>
    public override string? Misfit(BackboneDescription backbone, TransferSettings settings) => Prompts.Misfit(backbone) ?? base.Misfit(backbone, settings);

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return module.Kind == ModuleKind.FeedForward
            ? []
            : [new(module.Name, Placement.Sequential, Site.Module, Type, settings.Get(_tokens), "none", "none", 1)];
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        long p = spot.Size, n = spot.Shape.Tokens, d = spot.Shape.Width;
        return AddedToModule.Sum(Attentions(spot).Select(place =>
            new AddedToModule(p * d, ((place.Kind == ModuleKind.Attention ? 3 : 2) * p * d * d) + (2 * n * p * d))));
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var (attentions, shape) = (Attentions(spot).ToList(), spot.Shape);
        var layer = attentions[0].Name[..attentions[0].Name.LastIndexOf('.')];
        var prompts = new Prompts(
            attentions.ToDictionary(
                static place => place.Kind == ModuleKind.Attention ? "prompts" : "context_prompts",
                place => new PromptedStream(place.Kind == ModuleKind.Attention ? shape.Stream : shape.Context!.Value, shape.Width)),
            spot.Size,
            request.Device,
            stay: false);
        return Piece.At(spot.Module.Name, prompts, layer) with { Units = prompts.Tokens, UnitDimension = 0 };
    }

    private static IEnumerable<SubLayer> Attentions(AdapterSpot spot) =>
        spot.Backbone.SubLayers.Where(place => place.Module == spot.Module.Index && place.Kind != ModuleKind.FeedForward);
}

/// <summary>A stream that gets prompts.</summary>
/// <param name="Place">Its place in a state.</param>
/// <param name="Width">Width of its tokens.</param>
internal readonly record struct PromptedStream(int Place, int Width);

/// <summary>Trained tokens [tokens, width] at the ends of streams.</summary>
internal sealed class Prompts : TokenSequence
{
    // √(6 / (3 · 16² + width)): the code of APT (arXiv:2306.15706) takes it so whatever the patches' size, 0.0625 at width 768.
    private const double PatchPixels = 3 * 16 * 16;

    private readonly IReadOnlyList<int> _streams;

    /// <param name="streams">By what the tokens of each are called.</param>
    internal Prompts(IReadOnlyDictionary<string, PromptedStream> streams, long tokens, Device device, bool stay)
        : base(nameof(Prompts))
    {
        (_streams, Stays) = ([.. streams.Values.Select(static stream => stream.Place)], stay);
        Tokens = [.. streams.Select(stream =>
        {
            var prompts = new Parameter(empty(tokens, stream.Value.Width, device: device));
            var bound = Math.Sqrt(6 / (PatchPixels + stream.Value.Width));
            nn.init.uniform_(prompts, -bound, bound);
            register_parameter(stream.Key, prompts);
            return prompts;
        })];
    }

    /// <inheritdoc/>
    public override bool Stays { get; }

    internal static string? Misfit(BackboneDescription backbone) =>
        backbone.TakesMoreTokens ? null : "prompts are tokens without a place in the grid of patches, by which the backbone's attend";

    /// <summary>Those of each stream, [tokens, width].</summary>
    internal IReadOnlyList<Parameter> Tokens { get; }

    /// <inheritdoc/>
    public override HiddenState Extend(HiddenState state) =>
        _streams.Zip(Tokens).Aggregate(state, static (extended, own) => extended.Append(own.First, own.Second));
}
