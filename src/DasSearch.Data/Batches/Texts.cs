using DasSearch.Data.Text;
using static TorchSharp.torch;

namespace DasSearch.Data.Batches;

/// <summary>Texts of a batch as ids; owns its tensors.</summary>
/// <param name="Ids">Token ids, Int64, [batch, tokens], or [batch, candidates, tokens] where a sample has several texts.</param>
/// <param name="Mask">True where there is a token and not padding, Bool, of the same size.</param>
public sealed record Texts(Tensor Ids, Tensor Mask) : IDisposable
{
    /// <summary>Room for texts of a size; filled by <see cref="Write"/>.</summary>
    internal static Texts Make(params ReadOnlySpan<long> size) =>
        new(BatchTensors.Make(ScalarType.Int64, size), BatchTensors.Make(ScalarType.Bool, size));

    /// <summary>A copy on another device.</summary>
    internal Texts CopyTo(Device device) => new(BatchTensors.Copy(Ids, device), BatchTensors.Copy(Mask, device));

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
        using var some = new Texts(Ids.index_select(0, rows), Mask.index_select(0, rows));
        var longest = some.Lengths().Max();
        return new Texts(Cut(some.Ids), Cut(some.Mask));

        Tensor Cut(Tensor all) => all.narrow(-1, 0, longest).contiguous().clone().DetachFromDisposeScope();
    }

    /// <summary>Writes one text.</summary>
    /// <param name="row">Which, over all leading dimensions.</param>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">What makes ids of it.</param>
    internal void Write(int row, string text, Tokenizer tokenizer)
    {
        var length = (int)Ids.shape[^1];
        var used = tokenizer.Encode(text, BatchTensors.Elements<long>(Ids).Slice(row * length, length));
        var mask = BatchTensors.Elements<bool>(Mask).Slice(row * length, length);
        mask[..used].Fill(true);
        mask[used..].Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ids.Dispose();
        Mask.Dispose();
    }
}
