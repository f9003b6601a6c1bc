using System.Runtime.InteropServices;
using DasSearch.Data.Text;
using static TorchSharp.torch;

namespace DasSearch.Data.Batches;

/// <summary>Samples of a task as tensors; owns them, and they are in no dispose scope.</summary>
/// <param name="Images">One tensor for each image of a sample: Float32, normalised, [batch, 3, height, width].</param>
/// <param name="Texts">The texts; with a dimension for the candidates where a sample has several.</param>
/// <param name="Labels">
/// Int64, [batch]: the answer's or class's index; for a ranking task 0, the true text being the first candidate; for one of continuations the true one's place.
/// </param>
/// <param name="Targets">How right each answer is, Float32 in [0, 1], [batch, answers]; null unless the task is one of answering.</param>
/// <param name="Samples">The samples' numbers within the split.</param>
public sealed record Batch(
    IReadOnlyList<Tensor> Images, Texts Texts, Tensor Labels, Tensor? Targets, IReadOnlyList<int> Samples) : IDisposable
{
    /// <summary>False where an image is padded, Bool, [batch, height, width]: one for each image of a sample, null where none is padded; null for no padding at all.</summary>
    public IReadOnlyList<Tensor?>? PixelMasks { get; init; }

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
                Samples) { PixelMasks = Masks(mask => BatchTensors.Copy(mask, device)) };
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
            samples) { PixelMasks = Masks(Of) };

        Tensor Of(Tensor all) => all.index_select(0, places).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var image in Images.Concat(PixelMasks ?? []))
        {
            image?.Dispose();
        }

        Texts.Dispose();
        Labels.Dispose();
        Targets?.Dispose();
    }

    private IReadOnlyList<Tensor?>? Masks(Func<Tensor, Tensor> of) => PixelMasks is null ? null : [.. PixelMasks.Select(mask => mask is null ? null : of(mask))];
}

/// <summary>Texts of a batch as ids; owns its tensors.</summary>
/// <param name="Ids">Token ids, Int64, [batch, tokens], or [batch, candidates, tokens] where a sample has several texts.</param>
/// <param name="Mask">True where there is a token and not padding, Bool, of the same size.</param>
public sealed record Texts(Tensor Ids, Tensor Mask) : IDisposable
{
    /// <summary>True at the tokens that are to be predicted from those before them, Bool, of the same size; null where none are.</summary>
    public Tensor? Asked { get; init; }

    /// <summary>Room for texts of a size; filled by <see cref="Write"/>.</summary>
    internal static Texts Make(params ReadOnlySpan<long> size) =>
        new(BatchTensors.Make(ScalarType.Int64, size), BatchTensors.Make(ScalarType.Bool, size));

    /// <summary>A copy on another device.</summary>
    internal Texts CopyTo(Device device) =>
        new(BatchTensors.Copy(Ids, device), BatchTensors.Copy(Mask, device)) { Asked = Asked is null ? null : BatchTensors.Copy(Asked, device) };

    /// <summary>How many tokens the longest text of each sample has: [batch].</summary>
    public IReadOnlyList<long> Lengths()
    {
        using var scope = NewDisposeScope();
        var counts = Mask.sum([-1]); // of each text
        return counts.reshape(counts.size(0), -1).amax([1]).cpu().data<long>().ToArray();
    }

    /// <summary>A copy of some samples' texts, cut to the longest of these.</summary>
    /// <param name="rows">Their places, Int64, [samples].</param>
    internal Texts Part(Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var some = new Texts(Ids.index_select(0, rows), Mask.index_select(0, rows)) { Asked = Asked?.index_select(0, rows) };
        var longest = some.Lengths().Max();
        return new Texts(Cut(some.Ids), Cut(some.Mask)) { Asked = some.Asked is null ? null : Cut(some.Asked) };

        Tensor Cut(Tensor all) => all.narrow(-1, 0, longest).contiguous().clone().DetachFromDisposeScope();
    }

    /// <summary>Writes one text.</summary>
    /// <param name="row">Which, over all leading dimensions.</param>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">What makes ids of it.</param>
    /// <param name="cut">Whether a text that does not fit loses its last tokens; else it is refused.</param>
    internal void Write(int row, string text, ITokenizer tokenizer, bool cut = false)
    {
        var length = (int)Ids.shape[^1];
        var used = tokenizer.Encode(text, BatchTensors.Elements<long>(Ids).Slice(row * length, length), cut);
        var mask = BatchTensors.Elements<bool>(Mask).Slice(row * length, length);
        mask[..used].Fill(true);
        mask[used..].Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ids.Dispose();
        Mask.Dispose();
        Asked?.Dispose();
    }
}

/// <summary>The one place where batches' tensors are made: outside every dispose scope.</summary>
internal static class BatchTensors
{
    /// <summary>An uninitialised tensor in the computer's memory that belongs to its batch.</summary>
    public static Tensor Make(ScalarType type, params ReadOnlySpan<long> size) => empty(size, type, CPU).DetachFromDisposeScope();

    /// <summary>A copy on another device that belongs to its batch.</summary>
    public static Tensor Copy(Tensor tensor, Device device) => as_tensor(tensor, device: device).DetachFromDisposeScope();

    /// <summary>A tensor's elements, to be overwritten.</summary>
    public static Span<T> Elements<T>(Tensor tensor)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(tensor.bytes);
}
