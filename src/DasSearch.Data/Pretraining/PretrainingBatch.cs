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
    /// <summary>The batch on a device: this one where it is there already, else a copy, and this one is disposed.</summary>
    public PretrainingBatch MoveTo(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (Images.device.type == device.type)
        {
            return this;
        }

        using (this)
        {
            return new PretrainingBatch(
                BatchTensors.Copy(Images, device),
                Masked.CopyTo(device),
                BatchTensors.Copy(MaskedLabels, device),
                Captions.CopyTo(device),
                FalseCaptions.CopyTo(device),
                Samples);
        }
    }

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
