using DasSearch.Data.FashionVl;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Nlvr2;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Data.Tests.Support;
using DasSearch.Data.Text;
using Xunit.Abstractions;

namespace DasSearch.Data.Tests.Text;

public sealed class TokenizerTests(ITestOutputHelper output)
{
    private static readonly ITokenizer Tokenizer = TokenizerTable.FashionVl;

    [Fact]
    public void Vocabulary_Special_HasTheIdsPromised()
    {
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red"], Vocabulary.FashionVl.Words.Take(6));
        Assert.Equal(
            (0, 1, 2, 3, 4, 5),
            (Vocabulary.Padding, Vocabulary.Unknown, Vocabulary.Start, Vocabulary.End, Vocabulary.Mask, Vocabulary.FirstWord));
        Assert.Equal(Vocabulary.FashionVl.Count, Vocabulary.FashionVl.Words.Distinct().Count());
    }

    [Fact]
    public void Encode_AText_FramesAndFillsIt()
    {
        var ids = new long[7];
        var used = Tokenizer.Encode("a red  dress.", ids);

        Assert.Equal(6, used);
        Assert.Equal(["[CLS]", "a", "red", "dress", ".", "[SEP]", "[PAD]"], ids.Select(id => Vocabulary.FashionVl.Words[(int)id]));
    }

    [Fact]
    public void Encode_AnUnknownWord_IsUnknown()
    {
        var ids = new long[4];
        Tokenizer.Encode("red elephant", ids);
        Assert.Equal(Vocabulary.Unknown, ids[2]);
    }

    [Fact]
    public void Encode_TooLong_NamesTheLimit()
    {
        var error = Assert.Throws<ArgumentException>(() => Tokenizer.Encode("red red", new long[3]));
        Assert.Contains("more than 3 tokens", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100_000)]
    public void Decode_NoId_IsRefused(long id) => Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.Decode([id]));

    [Fact]
    public void Encode_EveryKindOfText_ComesBack_KnowsEveryWord_AndFitsExactly()
    {
        var seen = new HashSet<long>();
        Assert.Equal(new CaptionedScenes<Cell>(FashionBenchmark.Of(MadeUpPhotos.Source, BackboneView.Natural)).TextLength, LongestOf("captions", CaptionsOf, seen));
        Assert.Equal(TextLengthOf("fashionvl-vqa"), LongestOf("questions", random => new VqaSource().Draw(Split.Train, random).Texts, seen));
        Assert.Equal(TextLengthOf("fashionvl-nlvr2"), LongestOf("statements", random => new Nlvr2Source<Cell>(static _ => FashionWorld.Instance).Draw(Split.Train, random).Texts, seen));
        Assert.Equal(TextLengthOf("fashionvl-retrieval"), LongestOf("retrieval", random => new RetrievalSource<Cell>(static _ => FashionWorld.Instance, 4).Draw(Split.Train, random).Texts, seen));

        output.WriteLine($"vocabulary: {Vocabulary.FashionVl.Count} words");
        var unused = Vocabulary.FashionVl.Words.Where((_, id) => id >= Vocabulary.FirstWord && !seen.Contains(id));
        Assert.Equal([], unused);
    }

    private static string[] CaptionsOf(Random random)
    {
        var sample = PretrainingSample<Cell>.Draw(FashionWorld.Instance, random);
        return [sample.TrueCaption, sample.FalseCaption];
    }

    private static int TextLengthOf(string task) => TaskTable.Named(task).Open(MadeUpPhotos.Source, new TaskSettings()).Facts.TextLength;

    private int LongestOf(string kind, Func<Random, IReadOnlyList<string>> make, HashSet<long> seen)
    {
        var ids = new long[64];
        var longest = 0;
        foreach (var text in Draws.Of(5000, make).SelectMany(texts => texts))
        {
            longest = Math.Max(longest, Tokenizer.Encode(text, ids));
            Assert.DoesNotContain(Vocabulary.Unknown, ids);
            Assert.Equal(text, Tokenizer.Decode(ids));
            seen.UnionWith(ids);
        }

        output.WriteLine($"{kind}: at most {longest} tokens");
        return longest;
    }
}
