using DasSearch.Core;
using DasSearch.Core.Plans;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>Scaled parallel adapters (He et al., arXiv:2110.04366, §4) beside attention.</summary>
/// <remarks>
/// y = attention(h) + s · (W_up ReLU(W_down LN(h) + b_down) + b_up), where h is what attention reads: in pre-norm models the norm of the stream,
/// which the adapter's own norm follows. Where norms come after the residual, as in METER, it is added behind attention's. s = 4 and the bottleneck of 96 are those of APT's comparison (arXiv:2306.15706). ViLT-B:
/// 12 · 149,856 = 1,798,272 parameters.
/// </remarks>
public sealed class ScaledParallelTransfer() : PlacedTransfer("scaled-pa", "scaled bottleneck adapters beside attention")
{
    private static readonly MethodOption<int> _bottleneck = MethodOption.Count("bottleneck", 96, "inner width of each adapter");
    private static readonly MethodOption<double> _scale = MethodOption.Number("scale", 4, "what an adapter's output is multiplied by");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_bottleneck, _scale];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _bottleneck;

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Site.Attentions(module).Select(site => new AdapterPlacement(module.Name, Placement.Parallel, site, Type, settings.Get(_bottleneck), "relu", "layer-norm", settings.Get(_scale)));
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        return BottleneckAdapter.Costs(spot.Shape, spot.Size);
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var adapter = new BottleneckAdapter(spot.Shape.Width, spot.Size, spot.Of.Scale, request.Device);
        var place = spot.SubLayer.Normed ?? spot.SubLayer.Name;
        return Piece.At(place, adapter, spot.SubLayer.Name + ".adapter") with
        {
            Places = new Dictionary<string, nn.Module> { [place] = new AdapterBranch(adapter, AdapterInput.Read) }, Units = [adapter.Outgoing], UnitDimension = 1,
        };
    }
}
