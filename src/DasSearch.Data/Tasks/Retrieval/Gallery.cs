using DasSearch.Data.Batches;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks.Retrieval;

/// <summary>Images and captions among which each is to find its counterpart; owns its tensors, which are in no dispose scope.</summary>
/// <param name="Images">Float32, normalised, [size, 3, 56, 56].</param>
/// <param name="Texts">Captions, [size, tokens]; caption i is true of image i and of no other.</param>
public sealed record Gallery(Tensor Images, Texts Texts) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Texts.Dispose();
    }
}
