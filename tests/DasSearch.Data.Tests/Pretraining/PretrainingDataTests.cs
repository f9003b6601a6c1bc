using System.Runtime.InteropServices;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using DasSearch.Data.Text;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Data.Tests.Pretraining;

public sealed class PretrainingDataTests
{
    private static readonly CaptionedScenes<Cell> Scenes = new(FashionBenchmark.Of(MadeUpPhotos.Source, BackboneView.Natural));
    private static readonly PretrainingData Data = new(Scenes, seed: 4);

    [Fact]
    public void Batch_OfSamples_HasShapesAndTypesPromised()
    {
        using var batch = Data.Batch(Split.Train, 3, 5);
        long[] texts = [5, Data.TextLength];

        Assert.Equal([5, 3, 56, 56], batch.Images.shape);
        Assert.Equal(ScalarType.Float32, batch.Images.dtype);
        Assert.All(
            [batch.Masked.Ids, batch.Masked.Mask, batch.MaskedLabels, batch.Captions.Ids, batch.FalseCaptions.Mask],
            tensor => Assert.Equal(texts, tensor.shape));
        Assert.All(
            [batch.Masked.Ids, batch.MaskedLabels, batch.Captions.Ids, batch.FalseCaptions.Ids],
            tensor => Assert.Equal(ScalarType.Int64, tensor.dtype));
        Assert.All([batch.Masked.Mask, batch.Captions.Mask, batch.FalseCaptions.Mask], tensor => Assert.Equal(ScalarType.Bool, tensor.dtype));
        Assert.Equal([15, 16, 17, 18, 19], batch.Samples);
    }

    [Fact]
    public void Batch_OfAnySize_HasTheSameSamples()
    {
        using var whole = Data.Batch(Split.Validation, 0, 6);
        using var part = Data.Batch(Split.Validation, 2, 2);

        Assert.True(whole.Images.bytes[(2 * part.Images.bytes.Length)..].SequenceEqual(part.Images.bytes));
        Assert.True(whole.Masked.Ids.bytes[(2 * part.Masked.Ids.bytes.Length)..].SequenceEqual(part.Masked.Ids.bytes));
        Assert.True(whole.MaskedLabels.bytes[(2 * part.MaskedLabels.bytes.Length)..].SequenceEqual(part.MaskedLabels.bytes));
        Assert.True(whole.FalseCaptions.Ids.bytes[(2 * part.FalseCaptions.Ids.bytes.Length)..].SequenceEqual(part.FalseCaptions.Ids.bytes));
    }

    [Fact]
    public void Batch_UnmaskedAgain_IsTheTrueCaption_AndTheFalseOneIsFalse()
    {
        var tokenizer = TokenizerTable.FashionVl;
        using var batch = Data.Batch(Split.Train, 0, 200);
        var (ids, labels) = (Longs(batch.Masked.Ids), Longs(batch.MaskedLabels));
        var (captions, falseCaptions) = (Longs(batch.Captions.Ids), Longs(batch.FalseCaptions.Ids));
        for (var row = 0; row < 200; row++)
        {
            var sample = PretrainingSample<Cell>.Draw(FashionWorld.Instance, PretrainingData.StreamOf("fashionvl", 4, Split.Train, row));
            var restored = ids[row].Zip(labels[row], (id, label) => label == MaskedLanguage.Ignored ? id : label).ToArray();
            Assert.Equal(sample.TrueCaption, tokenizer.Decode(restored));

            Assert.Equal(sample.TrueCaption, tokenizer.Decode(captions[row]));
            Assert.True(Reader.IsTrue(tokenizer.Decode(captions[row]), Item.Of(sample.Change.Original)));
            Assert.False(Reader.IsTrue(tokenizer.Decode(falseCaptions[row]), Item.Of(sample.Change.Original)));
        }
    }

    [Fact]
    public void WordLabels_OfTwoCaptions_AreWhereTheyDiffer()
    {
        using var batch = Data.Batch(Split.Train, 0, 200);
        var (spoken, mistaken) = (Longs(batch.Captions.Ids), Longs(batch.FalseCaptions.Ids));
        using var both = batch.WordLabels.flatten(0, 1);
        var labels = Longs(both);
        for (var row = 0; row < 200; row++)
        {
            AssertMarked(spoken[row], mistaken[row], labels[row], 1);
            AssertMarked(mistaken[row], spoken[row], labels[200 + row], 0);
        }

        static void AssertMarked(long[] own, long[] other, long[] labels, long label)
        {
            var marked = labels.Index().Where(static entry => entry.Item != MaskedLanguage.Ignored).ToList();
            Assert.All(marked, entry => Assert.Equal(label, entry.Item));
            Assert.Equal(Enumerable.Range(marked[0].Index, marked.Count), marked.Select(static entry => entry.Index)); // one piece
            Assert.NotEqual(other, own);
            Assert.Equal(other[..marked[0].Index], own[..marked[0].Index]);
            var behind = own[(marked[^1].Index + 1)..].TakeWhile(static id => id != Vocabulary.Padding).ToArray();
            Assert.Equal(behind, other.TakeWhile(static id => id != Vocabulary.Padding).TakeLast(behind.Length));
        }
    }

    [Fact]
    public void Batch_Disposed_LeavesNoTensor()
    {
        var before = LiveTensors.Count();
        using (NewDisposeScope())
        {
            Data.Batch(Split.Train, 0, 2).Dispose();
        }

        Assert.Equal(before, LiveTensors.Count());
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 0)]
    public void Batch_NumberOutOfRange_IsRefused(long index, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Data.Batch(Split.Train, index, size));

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void MaskingRate_OutOfRange_IsRefused(double rate) =>
        Assert.All([() => new PretrainingData(Scenes, 0, rate), (Func<PretrainingData>)(() => new PretrainingData(Scenes, 0, nameMaskingRate: rate))],
            make => Assert.Throws<ArgumentOutOfRangeException>(make));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void EasyShare_OutOfRange_IsRefused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PretrainingData(Scenes, 0, easyShare: share));

    [Fact]
    public void EasyShare_PastItsEnd_IsNone()
    {
        var falling = new PretrainingData(Scenes, seed: 4, easyShare: 1, easyUntil: 50);
        var hard = new PretrainingData(Scenes, seed: 4);
        using var early = falling.Batch(Split.Train, 0, 50);
        using var late = falling.Batch(Split.Train, 1, 50);
        using var earlyHard = hard.Batch(Split.Train, 0, 50);
        using var lateHard = hard.Batch(Split.Train, 1, 50);

        Assert.False(early.FalseCaptions.Ids.bytes.SequenceEqual(earlyHard.FalseCaptions.Ids.bytes));
        Assert.True(late.FalseCaptions.Ids.bytes.SequenceEqual(lateHard.FalseCaptions.Ids.bytes));
    }

    [Fact]
    public void Scenes_OfANumber_ComeAgainWithOtherCaptions_AndTheirOwnTwins()
    {
        var data = new PretrainingData(Scenes, seed: 4, easyShare: 0.5) { Scenes = 20 };
        using var first = data.Batch(Split.Train, 0, 20);
        using var second = data.Batch(Split.Train, 1, 20);
        Assert.True(first.Images.bytes.SequenceEqual(second.Images.bytes));
        Assert.False(first.Captions.Ids.bytes.SequenceEqual(second.Captions.Ids.bytes));
        for (var row = 0; row < 20; row++)
        {
            var scene = SeededRandom.Derive(4, "fashionvl/pretraining/scenes", row);
            var sample = PretrainingSample<Cell>.DrawOfScene(FashionWorld.Instance, scene, new SeededRandom(row), 0.5, isPlain: false);
            Assert.True(Reader.IsTrue(TokenizerTable.FashionVl.Decode(Longs(first.Captions.Ids)[row]), Item.Of(sample.Change.Original)));
            Assert.False(Reader.IsTrue(TokenizerTable.FashionVl.Decode(Longs(second.FalseCaptions.Ids)[row]), Item.Of(sample.Change.Original)));
        }

        using var heldOut = data.Batch(Split.Validation, 0, 50);
        using var expected = Data.Batch(Split.Validation, 0, 50);
        Assert.True(heldOut.Images.bytes.SequenceEqual(expected.Images.bytes));
    }

    [Fact]
    public void Samples_OfANumber_ComeAgainAsTheyWere()
    {
        var data = new PretrainingData(Scenes, seed: 4) { Scenes = 10, Samples = 20 };
        using var first = data.Batch(Split.Train, 0, 20);
        using var second = data.Batch(Split.Train, 1, 20);
        Assert.True(first.Images.bytes.SequenceEqual(second.Images.bytes));
        Assert.True(first.Masked.Ids.bytes.SequenceEqual(second.Masked.Ids.bytes));
        Assert.True(first.FalseCaptions.Ids.bytes.SequenceEqual(second.FalseCaptions.Ids.bytes));
        Assert.True(first.Images.narrow(0, 0, 10).bytes.SequenceEqual(first.Images.narrow(0, 10, 10).bytes));
        Assert.False(first.Captions.Ids.narrow(0, 0, 10).bytes.SequenceEqual(first.Captions.Ids.narrow(0, 10, 10).bytes));
    }

    [Theory]
    [InlineData("fashionvl", "FashionVL: ")]
    [InlineData("emojivl", "EmojiVL: ")]
    public void Of_ABenchmark_IsOfItsScenes(string name, string summary)
    {
        var data = PretrainingData.Of(MadeUpPhotos.Source, new PretrainingConfig { Output = "any", Benchmark = name }, BackboneView.Natural);
        using var batch = data.Batch(Split.Train, 0, 3);
        Assert.StartsWith(summary, data.Summary, StringComparison.Ordinal);
        Assert.Equal([3, data.TextLength], batch.Captions.Ids.shape);
        Assert.Equal(name == "emojivl" ? 64 : 56, data.ImageSide);
    }

    [Fact]
    public void Of_NoBenchmark_ListsTheNames()
    {
        var config = new PretrainingConfig { Output = "any", Benchmark = "coco" };
        var error = Assert.Throws<ConfigException>(() => PretrainingData.Of(MadeUpPhotos.Source, config, BackboneView.Natural));
        Assert.Contains("must be fashionvl or emojivl, not 'coco'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EasyShare_Any_LeavesHeldOutSamplesAlone()
    {
        var easy = new PretrainingData(Scenes, seed: 4, easyShare: 1);
        using var expected = Data.Batch(Split.Validation, 0, 50);
        using var batch = easy.Batch(Split.Validation, 0, 50);
        Assert.True(expected.FalseCaptions.Ids.bytes.SequenceEqual(batch.FalseCaptions.Ids.bytes));

        using var trained = Data.Batch(Split.Train, 0, 50);
        using var easier = easy.Batch(Split.Train, 0, 50);
        Assert.False(trained.FalseCaptions.Ids.bytes.SequenceEqual(easier.FalseCaptions.Ids.bytes));
    }

    [Fact]
    public void Apply_Often_MasksAsBertDoes()
    {
        const int Words = 24;
        var (predicted, hidden, kept) = (0, 0, 0);
        var random = new SeededRandom(7);
        for (var text = 0; text < 5000; text++)
        {
            long[] ids = [Vocabulary.Start, .. Enumerable.Repeat(20L, Words), Vocabulary.End, Vocabulary.Padding];
            var labels = new long[ids.Length];
            MaskedLanguage.Apply(ids, labels, static _ => 0.15, TokenizerTable.FashionVl, random);

            Assert.Equal([Vocabulary.Start, Vocabulary.End, Vocabulary.Padding], [ids[0], ids[^2], ids[^1]]);
            Assert.Equal([-100, -100, -100], [labels[0], labels[^2], labels[^1]]);
            Assert.All(labels, label => Assert.True(label is 20 or MaskedLanguage.Ignored));
            Assert.Contains(20, labels);
            predicted += labels.Count(label => label == 20);
            hidden += ids.Count(id => id == Vocabulary.Mask);
            kept += ids.Zip(labels).Count(entry => entry is (20, 20));
            Assert.All(ids.Zip(labels), entry => Assert.True(entry.Second == 20 || entry.First is 20 or 0 or 2 or 3));
        }

        // 15 % of the words, and one for each text (2 % of them) that would have had none.
        Assert.Equal(0.15 + (Math.Pow(0.85, Words) / Words), predicted / (5000.0 * Words), 0.005);
        Assert.Equal(0.8, hidden / (double)predicted, 0.015);
        Assert.Equal(0.1, kept / (double)predicted, 0.01);
    }

    [Fact]
    public void Apply_WordOfPieces_IsHiddenWhole()
    {
        var tokenizer = WordPieces("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nmont\n##ser\n##rat\nflag\n");
        var written = new long[8];
        Assert.Equal(7, tokenizer.Encode("a montserrat flag", written));
        var whole = 0;
        for (var text = 0; text < 2000; text++)
        {
            var (ids, labels) = (written.ToArray(), new long[8]);
            MaskedLanguage.Apply(ids, labels, static _ => 0.3, tokenizer, new SeededRandom(text));
            Assert.Equal(labels[2] >= 0, labels[3] >= 0);
            Assert.Equal(labels[2] >= 0, labels[4] >= 0);
            whole += labels[2] >= 0 ? 1 : 0;
        }

        Assert.Equal(0.3 + (0.343 / 3), whole / 2000.0, 0.03); // or since nothing else was drawn
    }

    [Fact]
    public void NameMaskingRate_OfItsOwn_HidesNamesSoOften_AndOtherWordsAsBefore()
    {
        var data = new PretrainingData(Scenes, seed: 4, maskingRate: 0.1, nameMaskingRate: 0.7);
        using var batch = data.Batch(Split.Train, 0, 400);
        var captions = Longs(batch.Captions.Ids).SelectMany(static row => row).Zip(Longs(batch.MaskedLabels).SelectMany(static row => row)).ToList();
        double Hidden(Func<string, bool> isAsked) => captions
            .Where(token => token.First >= Vocabulary.FirstWord && isAsked(Vocabulary.FashionVl.Words[(int)token.First]))
            .Average(static token => token.Second >= 0 ? 1.0 : 0);

        Assert.Equal(0.7, Hidden(static word => word is "red" or "green" or "bag" or "coat" or "shirt"), 0.05);
        Assert.Equal(0.1, Hidden(static word => word is "top" or "left" or "a" or "and"), 0.02);
    }

    private static WordPieceTokenizer WordPieces(string vocabulary)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(vocabulary));
        return WordPieceTokenizer.Read(stream, "vocab.txt");
    }

    private static long[][] Longs(Tensor tensor) =>
        [.. MemoryMarshal.Cast<byte, long>(tensor.bytes).ToArray().Chunk((int)tensor.shape[1])];
}
