using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Extensions.Tests;

/// <summary>A gain on each channel of what attention gives; it starts as nothing.</summary>
public sealed class GainTransfer() : PlacedTransfer("gain", "a gain on each channel of attention's output")
{
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings) => Site.Within(module)
        .Where(site => site == Site.Attention).Select(site => new AdapterPlacement(module.Name, Placement.Sequential, site, Type, 1, "none", "none", 1));

    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings) => new(spot.Shape.Width, spot.Shape.Tokens * spot.Shape.Width);

    protected override Piece Create(AdapterSpot spot, AttachRequest request) =>
        Piece.At(spot.SubLayer.Name, new Gain(spot.Shape.Width, request.Device), spot.SubLayer.Name);

    private sealed class Gain : Branch
    {
        private readonly Parameter gain;

        internal Gain(int width, Device device)
            : base(nameof(Gain)) =>
            register_parameter(nameof(gain), gain = new Parameter(ones(width, device: device)));

        public override Tensor forward(Tensor stream, Tensor read, Tensor output) => output * gain; // [batch, tokens, width]
    }
}
