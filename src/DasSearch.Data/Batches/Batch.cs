using static TorchSharp.torch;

namespace DasSearch.Data.Batches;

/// <summary>Samples of a task as tensors; owns them, and they are in no dispose scope.</summary>
/// <param name="Images">One tensor for each image of a sample: Float32, normalised, [batch, 3, 56, 56].</param>
/// <param name="Texts">The texts; with a dimension for the candidates where a sample has several.</param>
/// <param name="Labels">
/// Int64, [batch]: the answer's or class's index; for a ranking task 0, the true text being the first candidate.
/// </param>
/// <param name="Targets">How right each answer is, Float32 in [0, 1], [batch, answers]; null unless the task is one of answering.</param>
/// <param name="Samples">The samples' numbers within the split.</param>
public sealed record Batch(
    IReadOnlyList<Tensor> Images, Texts Texts, Tensor Labels, Tensor? Targets, IReadOnlyList<int> Samples) : IDisposable
{
    /// <summary>How many samples the batch has.</summary>
    public int Size => Samples.Count;

    /// <summary>The batch on a device: this one where it is there already, else a copy, and this one is disposed.</summary>
    public Batch MoveTo(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (Labels.device.type == device.type)
        {
            return this;
        }

        using (this)
        {
            return new Batch(
                [.. Images.Select(image => BatchTensors.Copy(image, device))],
                Texts.CopyTo(device),
                BatchTensors.Copy(Labels, device),
                Targets is null ? null : BatchTensors.Copy(Targets, device),
                Samples);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var image in Images)
        {
            image.Dispose();
        }

        Texts.Dispose();
        Labels.Dispose();
        Targets?.Dispose();
    }
}
