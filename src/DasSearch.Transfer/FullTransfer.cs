using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>Full fine-tuning: the whole backbone is trained and nothing is added.</summary>
public sealed class FullTransfer : ITransferMethod
{
    /// <inheritdoc/>
    public string Name => "full";

    /// <inheritdoc/>
    public string Summary => "the whole backbone; no adapters";

    /// <inheritdoc/>
    public Attached Attach(BackboneDescription backbone, IReadOnlyList<AdapterPlacement> placements, Device device) => Attached.Nothing;

    /// <inheritdoc/>
    public bool Trains(IBackbone backbone, string parameter) => true;
}
