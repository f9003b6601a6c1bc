using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>The head alone, with poolers and modality embeddings: "classifier only" in the papers' tables.</summary>
public sealed class LinearTransfer : ITransferMethod
{
    /// <inheritdoc/>
    public string Name => "linear";

    /// <inheritdoc/>
    public string Summary => "poolers and modality embeddings alone; no adapters";

    /// <inheritdoc/>
    public Attached Attach(BackboneDescription backbone, IReadOnlyList<AdapterPlacement> placements, Device device) => Attached.Nothing;

    /// <inheritdoc/>
    public bool Trains(IBackbone backbone, string parameter)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.IsTransferred(parameter);
    }
}
