using DasSearch.Models.Backbones;

namespace DasSearch.Transfer;

/// <summary>A method that adds nothing, and trains some of the backbone's own parameters.</summary>
public abstract class BackboneMethod(string name, string summary) : ITransferMethod
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Summary => summary;

    /// <inheritdoc/>
    public virtual bool Replaces => true;

    /// <inheritdoc/>
    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) => AddedCosts.Nothing(backbone);

    /// <inheritdoc/>
    public Attached Attach(AttachRequest request) => new();

    /// <inheritdoc/>
    public virtual bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.IsAlwaysTrained(parameter);
    }
}

/// <summary>Full fine-tuning: the whole backbone is trained and nothing is added.</summary>
/// <remarks>
/// But for what is frozen whatever the method: METER's encoders, what brings their outputs to the layers' width, and positions, since those outputs are computed once.
/// </remarks>
public sealed class FullTransfer() : BackboneMethod("full", "the whole backbone; nothing in place of skipped layers")
{
    /// <inheritdoc/>
    public override bool Replaces => false;

    /// <inheritdoc/>
    public override bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return !backbone.IsNeverTrained(parameter);
    }
}

/// <summary>The head alone, with poolers and modality embeddings: "classifier only" in the papers' tables.</summary>
public sealed class LinearTransfer() : BackboneMethod("linear", "poolers and modality embeddings alone, which every method trains; nothing in place of skipped layers")
{
    /// <inheritdoc/>
    public override bool Replaces => false;
}

/// <summary>LayerNorm tuning: weight and bias of every norm from the first module on; the first stage of TTC-Tuning (arXiv:2303.07910, eq. 4).</summary>
/// <remarks>
/// A plain ViT has no other norms; the one of a text's embeddings stays frozen, so that what comes before the first module stays as it is.
/// ViT-B: 25 · 2 · 768 = 38,400 parameters.
/// </remarks>
public sealed class LayerNormTransfer() : BackboneMethod("layer-norm", "weight and bias of every norm; nothing is added")
{
    /// <inheritdoc/>
    public override bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter) =>
        base.Trains(backbone, settings, parameter) || IsTuned(backbone, parameter);

    /// <summary>Whether a parameter is one of those norms'.</summary>
    internal static bool IsTuned(BackboneDescription backbone, string parameter) =>
        backbone.Projections.Any(place => place.Role == ProjectionRole.Norm && parameter.StartsWith(place.Name + ".", StringComparison.Ordinal));
}

/// <summary>BitFit (arXiv:2106.10199): every bias of modules, last norm and patches' projection.</summary>
/// <remarks>As in the papers' tables, which count those of a plain ViT-B: 102,912 parameters. The norm of a text's embeddings stays frozen.</remarks>
public sealed class BitFitTransfer() : BackboneMethod("bitfit", "biases alone; nothing is added")
{
    /// <inheritdoc/>
    public override bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter) =>
        base.Trains(backbone, settings, parameter)
        || backbone.Projections.Any(place => place.Role != ProjectionRole.EmbeddingNorm && parameter == place.Bias);
}
