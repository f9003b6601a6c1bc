using DasSearch.Core;
using DasSearch.Core.Plans;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>Bottleneck adapters on the outputs of sub-layers (Houlsby et al., arXiv:1902.00751), as VL-Adapter has them (arXiv:2112.06825).</summary>
/// <remarks>
/// y = x + W_up ReLU(W_down x + b_down) + b_up, where x is what attention or the feed-forward part gives, before the residual; without a norm. That is behind
/// the dropout of sub-layers that have one, where the code of APT's comparison (arXiv:2306.15706) has it before.
/// ViLT-B, bottleneck 96: 24 · 148,320 = 3,559,680 parameters.
/// </remarks>
public sealed class AdapterTransfer() : PlacedTransfer("adapter", "bottleneck adapters on the outputs of sub-layers")
{
    private static readonly MethodOption<int> _bottleneck = MethodOption.Count("bottleneck", 96, "inner width of each adapter");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_bottleneck];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _bottleneck;

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var bottleneck = settings.Get(_bottleneck);
        return Site.Within(module).Select(site => new AdapterPlacement(module.Name, Placement.Sequential, site, Type, bottleneck, "relu", "none", 1));
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        return BottleneckAdapter.Costs(spot.Shape, spot.Size, isNormed: false);
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var adapter = new BottleneckAdapter(spot.Shape.Width, spot.Size, spot.Of.Scale, request.Device, isNormed: false);
        var place = spot.SubLayer.Name;
        return Piece.At(place, adapter, place.Insert(place.LastIndexOf('.') + 1, "adapter_")) with
        {
            Places = new Dictionary<string, nn.Module> { [place] = new AdapterBranch(adapter, AdapterInput.Output) }, Units = [adapter.Outgoing], UnitDimension = 1,
        };
    }
}
