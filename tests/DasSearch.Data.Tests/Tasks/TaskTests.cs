using System.Security.Cryptography;
using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using DasSearch.Data.Text;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Data.Tests.Tasks;

/// <summary>What every task of scenes in the table promises.</summary>
public sealed class TaskTests
{
    public static TheoryData<string> Names =>
        [.. TaskTable.All.Select(entry => entry.Name).Where(name => name.Contains("vl-", StringComparison.Ordinal))];

    public static TheoryData<string> FashionNames =>
        [.. TaskTable.All.Select(entry => entry.Name).Where(name => name.StartsWith("fashionvl", StringComparison.Ordinal))];

    [Fact]
    public void Named_Unknown_ListsTheNames()
    {
        var error = Assert.Throws<UnknownTaskException>(() => TaskTable.Named("vqa2"));
        Assert.Equal("There is no task 'vqa2'; the tasks are fashionvl-vqa, fashionvl-nlvr2, fashionvl-retrieval, emojivl-vqa, emojivl-nlvr2, emojivl-retrieval, wordnet-gloss, continuations, nlvr2, vqav2, flickr30k, photos, vtab, scienceqa, scienceqa-likelihood.", error.Message);
        Assert.IsAssignableFrom<UsageException>(error);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Facts_OfATask_AreThePapersSizes(string name)
    {
        var facts = Open(name).Facts;
        Assert.EndsWith("vl-" + facts.Name, name, StringComparison.Ordinal);
        Assert.Equal((20_000, 4_000, 4_000), (facts.SizeOf(Split.Train), facts.SizeOf(Split.Validation), facts.SizeOf(Split.Test)));
        Assert.Equal((313, 32), (facts.BatchesOf(Split.Train, 64), facts.BatchesOf(Split.Test, 125)));
        Assert.Throws<ArgumentOutOfRangeException>(() => facts.BatchesOf(Split.Train, 0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Batch_OfATask_HasShapesAndTypesPromised(string name)
    {
        var task = Open(name);
        var facts = task.Facts;
        using var batch = task.Batch(Split.Train, epoch: 1, index: 2, size: 6);

        Assert.Equal(facts.Images, batch.Images.Count);
        Assert.All(batch.Images, images =>
        {
            Assert.Equal([6, 3, facts.ImageSide, facts.ImageSide], images.shape);
            Assert.Equal(ScalarType.Float32, images.dtype);
            var (darkest, lightest) = name.StartsWith("fashionvl", StringComparison.Ordinal) ? (-0.61, 3.41) : (-3.01, 1.01);
            Assert.InRange(images.min().item<float>(), darkest, lightest);
            Assert.InRange(images.max().item<float>(), darkest, lightest);
        });
        long[] texts = facts.Texts == 1 ? [6, facts.TextLength] : [6, facts.Texts, facts.TextLength];
        Assert.Equal(texts, batch.Texts.Ids.shape);
        Assert.Equal(texts, batch.Texts.Mask.shape);
        Assert.Equal((ScalarType.Int64, ScalarType.Bool), (batch.Texts.Ids.dtype, batch.Texts.Mask.dtype));
        Assert.True(batch.Texts.Ids.ne(Vocabulary.Padding).eq(batch.Texts.Mask).all().item<bool>());
        Assert.Equal([6], batch.Labels.shape);
        Assert.Equal(ScalarType.Int64, batch.Labels.dtype);
        Assert.Equal(6, batch.Size);
        if (facts.Kind == TaskKind.Answering)
        {
            Assert.Equal([6, facts.Answers.Count], batch.Targets!.shape);
            Assert.Equal(ScalarType.Float32, batch.Targets.dtype);
            Assert.True(batch.Targets.argmax(1).eq(batch.Labels).all().item<bool>());
            Assert.Equal(6, batch.Targets.sum().item<float>());
        }
        else
        {
            Assert.Null(batch.Targets);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Batch_Twice_IsTheSame_AndAnotherSeedsIsNot(string name)
    {
        using var first = Open(name).Batch(Split.Train, 3, 5, 8);
        using var again = Open(name).Batch(Split.Train, 3, 5, 8);
        using var otherData = Open(name, new TaskSettings(DataSeed: 1)).Batch(Split.Train, 3, 5, 8);
        using var otherOrder = Open(name, new TaskSettings(OrderSeed: 1)).Batch(Split.Train, 3, 5, 8);
        using var otherSplit = Open(name).Batch(Split.Validation, 3, 5, 8);

        Assert.Equal(Bytes(first), Bytes(again));
        Assert.Equal(first.Samples, otherData.Samples);
        Assert.NotEqual(Bytes(first), Bytes(otherData));
        Assert.NotEqual(first.Samples, otherOrder.Samples);
        Assert.NotEqual(Bytes(first), Bytes(otherSplit));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Batch_OfOtherSizesAndEpochs_HasTheSameSamples(string name)
    {
        // Whatever batch a sample comes in, it is the same sample.
        var task = Open(name);
        using var natural = task.Batch(Split.Test, 0, 0, 9);
        using var later = task.Batch(Split.Test, 7, 2, 3);

        Assert.Equal([6, 7, 8], later.Samples);
        var length = later.Images[0].bytes.Length;
        Assert.True(natural.Images[0].bytes[(2 * length)..].SequenceEqual(later.Images[0].bytes));
        Assert.Equal(natural.Labels.bytes[(6 * 8)..].ToArray(), later.Labels.bytes.ToArray());
    }

    [Fact]
    public void Samples_OfAnEpoch_AreAllOfThemOnce_InAnOrderOfItsOwn()
    {
        var task = Open("fashionvl-vqa");
        var (first, second) = (Epoch(task, 0), Epoch(task, 1));

        Assert.Equal(Enumerable.Range(0, 20_000), first.Order());
        Assert.Equal(Enumerable.Range(0, 20_000), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, first.Order());
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 4, 1000)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, -5)]
    public void Batch_NumberOutOfRange_IsRefused(long epoch, int index, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Open("fashionvl-vqa").Batch(Split.Test, epoch, index, size));

    [Theory]
    [MemberData(nameof(FashionNames))]
    public void Batch_OfASplit_ShowsThatSplitsPhotosOnly(string name)
    {
        // Each split has photos of one grey of its own; the brightest of a tint's three lights is 1 for most tints.
        var task = TaskTable.Named(name).Open(MadeUpPhotos.SourceOf(new FashionPhotos(Grey(40), Grey(120), Grey(240))), new TaskSettings());
        foreach (var (split, level) in new[] { (Split.Train, 40), (Split.Validation, 120), (Split.Test, 240) })
        {
            using var batch = task.Batch(split, 0, 0, 20);
            Assert.All(batch.Images, images => Assert.Equal(((level / 255f) - 0.15f) / 0.25f, images.max().item<float>(), 1e-6f));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Batch_OfManyThreads_IsTheSame(string name)
    {
        var task = Open(name);
        var expected = Enumerable.Range(0, 16).Select(number => BytesOf(Open(name), number)).ToArray();
        Parallel.For(0, 64, number => Assert.Equal(expected[number % 16], BytesOf(task, number % 16)));

        static byte[] BytesOf(IVisionLanguageTask task, int number)
        {
            using var batch = task.Batch(Split.Train, number % 3, number, 4);
            return Bytes(batch);
        }
    }

    // What is pinned here is the benchmark: another hash means that earlier results are no longer comparable.
    [Theory]
    [InlineData("fashionvl-vqa", "9E25D08FA369B577")]
    [InlineData("fashionvl-nlvr2", "D4F4CF0BFC1CDA0D")]
    [InlineData("fashionvl-retrieval", "23D8D1DED5472237")]
    [InlineData("emojivl-vqa", "475A680CEEE61408")]
    [InlineData("emojivl-nlvr2", "BBCDA57A458AF274")]
    [InlineData("emojivl-retrieval", "540EAAE047AF80D7")]
    public void Batch_OfTheBenchmark_IsWhatItHasAlwaysBeen(string name, string hash)
    {
        using var train = Open(name).Batch(Split.Train, 1, 2, 64);
        using var test = Open(name).Batch(Split.Test, 0, 3, 64);
        Assert.Equal(hash, Convert.ToHexString(SHA256.HashData([.. Bytes(train), .. Bytes(test)]))[..16]);
    }

    [Fact]
    public void TextOnlyBaseline_OfARankingTask_IsRefused() =>
        Assert.Throws<ArgumentException>(() => TextOnlyBaseline.Accuracy(Open("fashionvl-retrieval"), Split.Test));

    [Theory]
    [MemberData(nameof(Names))]
    public void Dispose_OfABatch_LeavesNoTensor_AndScopesDoNotTakeThem(string name)
    {
        var task = Open(name);
        var before = LiveTensors.Count();
        Batch batch;
        using (NewDisposeScope())
        {
            batch = task.Batch(Split.Train, 0, 0, 2);
        }

        Assert.False(batch.Labels.IsInvalid);
        Assert.All(batch.Images, images => Assert.False(images.IsInvalid));
        batch.Dispose();
        Assert.Equal(before, LiveTensors.Count());
    }

    internal static byte[] Bytes(Batch batch) =>
    [
        .. batch.Images.SelectMany(images => images.bytes.ToArray()),
        .. batch.Texts.Ids.bytes,
        .. batch.Texts.Mask.bytes,
        .. batch.Labels.bytes,
    ];

    private static PhotoSet Grey(byte level) => new(
        [.. Enumerable.Repeat(level, Products.Count * PhotoSet.Side * PhotoSet.Side)],
        [.. Enumerable.Range(0, Products.Count).Select(product => (byte)product)],
        ..,
        "The grey set");

    private static List<int> Epoch(IVisionLanguageTask task, long epoch)
    {
        var samples = new List<int>();
        for (var index = 0; index < task.Facts.BatchesOf(Split.Train, 3000); index++)
        {
            using var batch = task.Batch(Split.Train, epoch, index, 3000);
            samples.AddRange(batch.Samples);
        }

        return samples;
    }

    private static IVisionLanguageTask Open(string name, TaskSettings? settings = null) =>
        TaskTable.Named(name).Open(MadeUpPhotos.Source, settings ?? new TaskSettings());
}
