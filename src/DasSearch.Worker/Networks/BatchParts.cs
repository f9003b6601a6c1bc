using DasSearch.Data.Batches;
using DasSearch.Models.Backbones;
using TorchSharp;

namespace DasSearch.Worker.Networks;

/// <summary>Cuts a batch that is only scored into parts as a processor likes them: by length of text, and no larger than its cache.</summary>
/// <remarks>
/// Exact but for rounding, since samples do not see each other. Large batches are for training; forward alone, they push what one
/// operation wrote out of the cache before the next one reads it, and the shortest text is padded to the longest.
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
    internal static IReadOnlyList<Batch> Of(Batch batch, BackboneDescription backbone)
    {
        var lengths = batch.Texts.Lengths();
        var order = Enumerable.Range(0, batch.Size).OrderBy(row => lengths[row]).ToList(); // of equal ones, as they were
        return [.. order.Chunk(SizeOf(batch, backbone)).Select(batch.Part)];
    }

    private static int SizeOf(Batch batch, BackboneDescription backbone)
    {
        if (batch.Labels.device.type != DeviceType.CPU)
        {
            return batch.Size;
        }

        var texts = batch.Texts.Ids.dim() > 2 ? batch.Texts.Ids.size(1) : 1;
        var bytes = texts * backbone.Shapes.Max(static shape => (long)shape.Tokens * shape.Width) * Widening * sizeof(float);
        return (int)Math.Min(Math.Max(CacheBytes / bytes, Fewest), batch.Size);
    }
}
