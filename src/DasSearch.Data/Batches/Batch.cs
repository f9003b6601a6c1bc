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

    /// <summary>A copy of some of its samples, with texts cut to the longest of these: what is cut is padding.</summary>
    /// <param name="rows">Their places in the batch, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Batch Part(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var samples = rows.Select(row => row >= 0 && row < Size ? Samples[row] : throw new ArgumentOutOfRangeException(nameof(rows), row, $"There are {Size} samples.")).ToList();
        using var scope = NewDisposeScope();
        var places = tensor(rows.Select(static row => (long)row).ToArray(), device: Labels.device);
        return new Batch(
            [.. Images.Select(image => Of(image))],
            Texts.Part(places),
            Of(Labels),
            Targets is null ? null : Of(Targets),
            samples);

        Tensor Of(Tensor all) => all.index_select(0, places).DetachFromDisposeScope();
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
