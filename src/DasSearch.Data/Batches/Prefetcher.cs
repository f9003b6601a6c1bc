using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace DasSearch.Data.Batches;

/// <summary>Prepares what comes next on another thread, while the reader works on what it has.</summary>
/// <remarks>
/// Items arrive in their order and are what <c>make</c> would have given; only the waiting is gone. An item belongs to
/// the reader once it was handed over; those not yet read are disposed with the prefetcher. For one reader.
/// </remarks>
/// <typeparam name="T">A batch.</typeparam>
public sealed class Prefetcher<T> : IDisposable
    where T : class, IDisposable
{
    private readonly BlockingCollection<T> _ready;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _maker;
    private Exception? _failure;
    private bool _disposed;

    /// <param name="count">How many items there are.</param>
    /// <param name="make">Makes item i, from 0 to count − 1; called on the other thread, in this order.</param>
    /// <param name="ahead">How many finished items may wait, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or <paramref name="ahead"/> is not positive.</exception>
    public Prefetcher(long count, Func<long, T> make, int ahead = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(make);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead);
        _ready = new BlockingCollection<T>(ahead);
        _maker = new Thread(() => Run(count, make)) { IsBackground = true, Name = "das prefetch" };
        _maker.Start();
    }

    /// <summary>The next item, which the caller disposes; null after the last.</summary>
    /// <remarks>An exception that an item's making ended in is thrown here, in the item's place, and ends the supply.</remarks>
    /// <exception cref="ObjectDisposedException">The prefetcher was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting.</exception>
    public T? Next(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_ready.TryTake(out var item, Timeout.Infinite, cancellation))
        {
            return item;
        }

        if (Volatile.Read(ref _failure) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return null;
    }

    /// <summary>Stops the other thread, waits for the item in the making, and disposes what was not read.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _stop.Cancel();
        _maker.Join();
        while (_ready.TryTake(out var unread))
        {
            unread.Dispose();
        }

        _ready.Dispose();
        _stop.Dispose();
    }

    private void Run(long count, Func<long, T> make)
    {
        try
        {
            for (var i = 0L; i < count && !_stop.IsCancellationRequested; i++)
            {
                Offer(make(i));
            }
        }
        catch (Exception failure)
        {
            // Whatever it is, it belongs to the reader's thread, which throws it.
            Volatile.Write(ref _failure, failure);
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }

    private void Offer(T item)
    {
        try
        {
            _ready.Add(item, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            item.Dispose();
        }
    }
}
