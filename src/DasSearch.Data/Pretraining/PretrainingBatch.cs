using DasSearch.Data.Batches;
using static TorchSharp.torch;

namespace DasSearch.Data.Pretraining;

/// <summary>Scenes with what a model is to learn from them; owns its tensors, which are in no dispose scope.</summary>
/// <param name="Images">Float32, normalised, [batch, 3, 56, 56].</param>
/// <param name="Masked">The true captions with words hidden.</param>
/// <param name="MaskedLabels">The hidden words' ids, −100 elsewhere, Int64, [batch, tokens].</param>
/// <param name="Captions">The true captions.</param>
/// <param name="FalseCaptions">For each scene a caption that is false by one attribute.</param>
/// <param name="Samples">The samples' numbers within the split.</param>
public sealed record PretrainingBatch(
    Tensor Images, Texts Masked, Tensor MaskedLabels, Texts Captions, Texts FalseCaptions, IReadOnlyList<long> Samples) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Masked.Dispose();
        MaskedLabels.Dispose();
        Captions.Dispose();
        FalseCaptions.Dispose();
    }
}
