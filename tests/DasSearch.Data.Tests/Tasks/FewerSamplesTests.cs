using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Data.Tests.Tasks;

/// <summary>Some of a task's training samples, in the batches that they always come in.</summary>
public sealed class FewerSamplesTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly IVisionLanguageTask _whole = TaskTable.Named("fashionvl-vqa").Open(MadeUpPhotos.Source, new TaskSettings());

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Batch_OfAnyEpoch_IsOneOfTheFirstOnes_EachOnce_InAnotherOrder()
    {
        var few = new FewerSamples(_whole, samples: 27, size: 4, seed: 3);
        Assert.Equal((24, 6), (few.Facts.SizeOf(Split.Train), few.Facts.BatchesOf(Split.Train, 4)));
        var first = Enumerable.Range(0, 6).Select(index => Key(_whole, 0, index)).ToList();
        var (one, other) = (Epoch(0), Epoch(1));
        Assert.Equal(first.Order(), one.Order());
        Assert.Equal(first.Order(), other.Order());
        Assert.NotEqual(one, other);
        Assert.Equal(one, Epoch(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => few.Batch(Split.Train, 0, 6, 4));

        List<string> Epoch(long epoch) => [.. Enumerable.Range(0, 6).Select(index => Key(few, epoch, index))];
    }

    [Theory]
    [InlineData(5)] // does not divide the 24 samples
    [InlineData(12)]
    [InlineData(100)] // more than there are
    public void Batches_OfAnotherSize_AreWhole_AndOfTheFirstSamples(int size)
    {
        var few = new FewerSamples(_whole, samples: 27, size: 4, seed: 3);
        using var first = _whole.Batch(Split.Train, 0, 0, 24);
        var known = Rows(first);
        for (var index = 0; index < few.Facts.BatchesOf(Split.Train, size); index++)
        {
            using var batch = few.Batch(Split.Train, 1, index, size);
            Assert.Equal(Math.Min(size, 24), batch.Size);
            Assert.Subset(known.ToHashSet(), Rows(batch).ToHashSet());
        }

        static IReadOnlyList<string> Rows(Batch batch) => [.. Enumerable.Range(0, batch.Size).Select(row => Convert.ToHexString(batch.Images[0][row].contiguous().bytes))];
    }

    [Fact]
    public void Batch_OfAnotherSplit_IsTheTasksOwn()
    {
        var few = new FewerSamples(_whole, samples: 4, size: 4, seed: 3);
        Assert.Equal(_whole.Facts.SizeOf(Split.Validation), few.Facts.SizeOf(Split.Validation));
        Assert.Equal(Key(_whole, 0, 2, Split.Validation), Key(few, 0, 2, Split.Validation));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100_000_000)]
    public void NoWholeBatch_OrMoreThanThereAre_IsRefused(int samples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FewerSamples(_whole, samples, size: 4, seed: 0));

    private static string Key(IVisionLanguageTask task, long epoch, int index, Split split = Split.Train)
    {
        using var batch = task.Batch(split, epoch, index, 4);
        return Convert.ToHexString(batch.Texts.Ids.bytes);
    }
}
