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
