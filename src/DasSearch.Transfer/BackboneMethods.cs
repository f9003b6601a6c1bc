using DasSearch.Models.Backbones;

namespace DasSearch.Transfer;

/// <summary>Full fine-tuning: the whole backbone is trained and nothing is added.</summary>
public sealed class FullTransfer : ITransferMethod
{
    /// <inheritdoc/>
    public string Name => "full";

    /// <inheritdoc/>
    public string Summary => "the whole backbone; no adapters";

    /// <inheritdoc/>
    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) => AddedCosts.Nothing(backbone);

    /// <inheritdoc/>
    public Attached Attach(AttachRequest request) => new();

    /// <inheritdoc/>
    public bool Trains(BackboneDescription backbone, string parameter) => true;
}

/// <summary>The head alone, with poolers and modality embeddings: "classifier only" in the papers' tables.</summary>
public sealed class LinearTransfer : ITransferMethod
{
    /// <inheritdoc/>
    public string Name => "linear";

    /// <inheritdoc/>
    public string Summary => "poolers and modality embeddings alone; no adapters";

    /// <inheritdoc/>
    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) => AddedCosts.Nothing(backbone);

    /// <inheritdoc/>
    public Attached Attach(AttachRequest request) => new();
}
