using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Data.Tests.Tasks;

/// <summary>Some of a task's validation batches, spread over them.</summary>
public sealed class FewerValidationSamplesTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly IVisionLanguageTask _whole = TaskTable.Named("fashionvl-vqa").Open(MadeUpPhotos.Source, new TaskSettings());

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Batch_IsOneOfTheTasksOwn_EvenlySpread_TheFirstAmongThem()
    {
        var few = new FewerValidationSamples(_whole, samples: 1_100, size: 100);
        Assert.Equal((4_000, 40), (_whole.Facts.SizeOf(Split.Validation), _whole.Facts.BatchesOf(Split.Validation, 100)));
        Assert.Equal((1_100, 11), (few.Facts.SizeOf(Split.Validation), few.Facts.BatchesOf(Split.Validation, 100)));
        var expected = Enumerable.Range(0, 11).Select(static index => index * 40 / 11).Select(index => Key(_whole, index, 100));
        Assert.Equal(expected, Enumerable.Range(0, 11).Select(index => Key(few, index, 100)));
        Assert.Throws<ArgumentOutOfRangeException>(() => few.Batch(Split.Validation, 0, 11, 100));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1_000)]
    public void Batches_OfAnotherSize_AreWhole(int size)
    {
        var few = new FewerValidationSamples(_whole, samples: 1_100, size: 100);
        for (var index = 0; index < few.Facts.BatchesOf(Split.Validation, size); index++)
        {
            using var batch = few.Batch(Split.Validation, 0, index, size);
            Assert.Equal(size, batch.Size);
        }
    }

    [Fact]
    public void Batch_OfAnotherSplit_IsTheTasksOwn()
    {
        var few = new FewerValidationSamples(_whole, samples: 100, size: 100);
        Assert.Equal(_whole.Facts.SizeOf(Split.Train), few.Facts.SizeOf(Split.Train));
        Assert.Equal(Key(_whole, 2, 4, Split.Train), Key(few, 2, 4, Split.Train));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4_001)]
    public void NoWholeBatch_OrMoreThanThereAre_IsRefused(int samples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FewerValidationSamples(_whole, samples, size: 4));

    private static string Key(IVisionLanguageTask task, int index, int size, Split split = Split.Validation)
    {
        using var batch = task.Batch(split, 0, index, size);
        return Convert.ToHexString(batch.Texts.Ids.bytes);
    }
}
