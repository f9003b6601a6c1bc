using DasSearch.Data.Batches;
using DasSearch.Models.Backbones;
using TorchSharp;

namespace DasSearch.Worker.Networks;

/// <summary>Cuts a batch into parts of like lengths of text, since padding costs as much as words, and no larger than a processor likes.</summary>
/// <remarks>
/// Exact but for rounding, since samples do not see each other. Large batches are for training; forward alone, they push what one
/// operation wrote out of the cache before the next one reads it.
/// </remarks>
internal static class BatchParts
{
    // Of the largest result of a module, some four times as wide as its input: as much as a core keeps near.
    private const long CacheBytes = 2 << 20;
    private const long Widening = 4;
    private const int Fewest = 8;

    /// <summary>The parts, which the caller owns; the batch stays as it is.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="backbone">What will run on it.</param>
    internal static IReadOnlyList<Batch> Of(Batch batch, BackboneDescription backbone) =>
        [.. ByLength(batch.Texts.Lengths(), SizeOf(batch, backbone)).Select(batch.Part)];

    /// <summary>The half with the shorter texts and the other, which the caller owns; none of a batch of one sample.</summary>
    internal static IReadOnlyList<Batch> Halves(Batch batch) =>
        batch.Size < 2 ? [] : [.. ByLength(batch.Texts.Lengths(), (batch.Size + 1) / 2).Select(batch.Part)];

    /// <summary>Rows in order of their lengths, of equal ones as they were, so many at a time.</summary>
    internal static IEnumerable<int[]> ByLength(IReadOnlyList<long> lengths, int size) =>
        Enumerable.Range(0, lengths.Count).OrderBy(row => lengths[row]).Chunk(size);

    private static int SizeOf(Batch batch, BackboneDescription backbone)
    {
        if (batch.Texts.Ids.device.type != DeviceType.CPU)
        {
            return batch.Size;
        }

        var texts = batch.Texts.Ids.dim() > 2 ? batch.Texts.Ids.size(1) : 1;
        var bytes = texts * backbone.Shapes.Max(static shape => (long)shape.Tokens * shape.Width) * Widening * sizeof(float);
        return (int)Math.Min(Math.Max(CacheBytes / bytes, Fewest), batch.Size);
    }
}
