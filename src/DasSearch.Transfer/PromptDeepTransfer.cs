using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>Deep prompts (Jia et al., arXiv:2203.12119): tokens of its own for every module with attention, which are gone after it.</summary>
/// <remarks>
/// p tokens [p, width] at the end of the stream pass the module's norm and are keys and values of its attention; nothing asks by them, and the
/// residual and the feed-forward part do without. ViLT-B, p = 200: 12 · 200 · 768 = 1,843,200 parameters. Multiply-accumulates are counted as in
/// the published figure, 3pd² + 2npd a module, whose third pd² are the prompts' queries; here these are not computed, since nothing reads them.
/// </remarks>
public sealed class PromptDeepTransfer() : PlacedTransfer("prompt-deep", "prompts for each module's attention")
{
    private static readonly MethodOption<int> _tokens = MethodOption.Count("tokens", 200, "prompts of each module");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_tokens];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _tokens;

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
        return new AddedToModule(p * d, (3 * p * d * d) + (2 * n * p * d));
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var attention = spot.Backbone.SubLayers.First(place => place.Module == spot.Module.Index && place.Kind == ModuleKind.Attention).Name;
        var prompts = new Prompts(spot.Size, spot.Shape, request.Device, stay: false);
        return Piece.At(spot.Module.Name, prompts, attention[..attention.LastIndexOf('.')]) with { Units = [prompts.Tokens], UnitDimension = 0 };
    }
}

/// <summary>Trained tokens [tokens, width] at the end of a module's stream.</summary>
internal sealed class Prompts : TokenSequence
{
    // √(6 / (3 · 16² + width)): the code of APT (arXiv:2306.15706) takes it so whatever the patches' size, 0.0625 at width 768.
    private const double PatchPixels = 3 * 16 * 16;

    private readonly Parameter prompts;
    private readonly int _stream;

    internal Prompts(long tokens, ModuleShape shape, Device device, bool stay)
        : base(nameof(Prompts))
    {
        (_stream, Stays) = (shape.Stream, stay);
        prompts = new Parameter(empty(tokens, shape.Width, device: device));
        var bound = Math.Sqrt(6 / (PatchPixels + shape.Width));
        nn.init.uniform_(prompts, -bound, bound);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool Stays { get; }

    /// <summary>[tokens, width].</summary>
    internal Parameter Tokens => prompts;

    /// <inheritdoc/>
    public override HiddenState Extend(HiddenState state) => state.Append(_stream, prompts);
}
