using DasSearch.Core;

namespace DasSearch.Data.Tasks;

/// <summary>In which order an epoch goes through a split. Threads may share it.</summary>
/// <param name="seed">The seed of all epochs' orders.</param>
/// <param name="size">Samples of the split.</param>
internal sealed class EpochOrder(long seed, int size)
{
    // The epoch asked for last; whoever replaces it computes the same, so that a race costs time only.
    private volatile Memo? _last;

    /// <summary>The permutation of an epoch.</summary>
    public ReadOnlySpan<int> Of(long epoch)
    {
        if (_last is { } last && last.Epoch == epoch)
        {
            return last.Order;
        }

        var order = Enumerable.Range(0, size).ToArray();
        Shuffler.Shuffle(order.AsSpan(), SeededRandom.Derive(seed, "fashionvl/order", epoch));
        _last = new Memo(epoch, order);
        return order;
    }

    private sealed record Memo(long Epoch, int[] Order);
}
