using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using DasSearch.Data.Tests.Tasks;
using DasSearch.Worker.Tests.Support;

namespace DasSearch.Data.Tests.Batches;

public sealed class PrefetcherTests
{
    [Fact]
    public void Next_OfATask_GivesWhatTheTaskGives()
    {
        var task = TaskTable.Named("fashionvl-nlvr2").Open(MadeUpPhotos.Source, new TaskSettings());
        var before = LiveTensors.Count();
        using (var ahead = new Prefetcher<Batch>(20, index => task.Batch(Split.Train, 0, (int)index, 4)))
        {
            for (var index = 0; index < 20; index++)
            {
                using var prefetched = ahead.Next(CancellationToken.None);
                using var direct = task.Batch(Split.Train, 0, index, 4);
                Assert.Equal(TaskTests.Bytes(direct), TaskTests.Bytes(prefetched!));
            }

            Assert.Null(ahead.Next(CancellationToken.None));
            Assert.Null(ahead.Next(CancellationToken.None));
        }

        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void Dispose_Early_StopsAndDisposesWhatWasNotRead()
    {
        var made = new List<Item>();
        var ahead = new Prefetcher<Item>(long.MaxValue, index => Add(made, index), ahead: 3);
        var first = ahead.Next(CancellationToken.None);
        SpinWait.SpinUntil(() => made.Count >= 5, TimeSpan.FromSeconds(10));
        ahead.Dispose();
        ahead.Dispose();

        // One read, three waiting, one on its way.
        Assert.Equal(5, made.Count);
        Assert.False(first!.IsDisposed);
        Assert.All(made.Skip(1), item => Assert.True(item.IsDisposed));
        Assert.Throws<ObjectDisposedException>(() => ahead.Next(CancellationToken.None));
    }

    [Fact]
    public void Next_WhereMakingFailed_ThrowsInItsPlace()
    {
        using var ahead = new Prefetcher<Item>(5, index => index == 2 ? throw new InvalidOperationException("third") : new Item(index));

        Assert.Equal(0, ahead.Next(CancellationToken.None)!.Index);
        Assert.Equal(1, ahead.Next(CancellationToken.None)!.Index);
        Assert.Equal("third", Assert.Throws<InvalidOperationException>(() => ahead.Next(CancellationToken.None)).Message);
        Assert.Equal("third", Assert.Throws<InvalidOperationException>(() => ahead.Next(CancellationToken.None)).Message);
    }

    [Fact]
    public void Next_Cancelled_StopsWaiting()
    {
        using var never = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var ahead = new Prefetcher<Item>(1, index =>
        {
            never.Wait(TimeSpan.FromSeconds(10));
            return new Item(index);
        });

        Assert.ThrowsAny<OperationCanceledException>(() => ahead.Next(stop.Token));
        never.Set();
    }

    [Fact]
    public void Next_OfNothing_IsNull()
    {
        using var ahead = new Prefetcher<Item>(0, index => new Item(index));
        Assert.Null(ahead.Next(CancellationToken.None));
    }

    [Fact]
    public void Constructor_NumberOutOfRange_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Prefetcher<Item>(-1, index => new Item(index)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Prefetcher<Item>(1, index => new Item(index), ahead: 0));
    }

    private static Item Add(List<Item> made, long index)
    {
        var item = new Item(index);
        made.Add(item);
        return item;
    }

    private sealed class Item(long index) : IDisposable
    {
        public long Index { get; } = index;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
