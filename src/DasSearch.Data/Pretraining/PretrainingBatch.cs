using DasSearch.Data.Batches;
using static TorchSharp.torch;

namespace DasSearch.Data.Pretraining;

/// <summary>Scenes with what a model is to learn from them; owns its tensors, which are in no dispose scope.</summary>
/// <param name="Images">Float32 in [−1, 1], [batch, 3, 56, 56].</param>
/// <param name="Masked">The true captions with words hidden.</param>
/// <param name="MaskedLabels">The hidden words' ids, −100 elsewhere, Int64, [batch, tokens].</param>
/// <param name="Matching">Captions of which about half are false, each by one attribute.</param>
/// <param name="MatchingLabels">1 where such a caption is true and 0 where it is false, Int64, [batch].</param>
/// <param name="Samples">The samples' numbers within the split.</param>
public sealed record PretrainingBatch(
    Tensor Images, Texts Masked, Tensor MaskedLabels, Texts Matching, Tensor MatchingLabels, IReadOnlyList<long> Samples) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Masked.Dispose();
        MaskedLabels.Dispose();
        Matching.Dispose();
        MatchingLabels.Dispose();
    }
}
