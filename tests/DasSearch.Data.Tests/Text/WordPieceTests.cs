using System.Text;
using DasSearch.Core;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tests.Text;

public sealed class WordPieceTests
{
    private static readonly ITokenizer _pieces = TokenizerTable.Named("minilm")!;

    [Fact]
    public void Table_KnowsBertsList()
    {
        Assert.Equal((30_522, 0, 103, 999), (_pieces.Count, _pieces.Padding, _pieces.Mask, _pieces.FirstWord));
        Assert.Contains("words, minilm", Assert.Throws<DasSearchException>(() => TokenizerTable.Named("none")).Message, StringComparison.Ordinal);
    }

    // What BERT's own tokenizer gives for bert-base-uncased.
    [Theory]
    [InlineData("That is a happy person", new long[] { 101, 2008, 2003, 1037, 3407, 2711, 102 })]
    [InlineData("Unaffable, isn't it?", new long[] { 101, 14477, 20961, 3468, 1010, 3475, 1005, 1056, 2009, 1029, 102 })]
    [InlineData("Café", new long[] { 101, 7668, 102 })]
    [InlineData("Việt Nam's Ångström", new long[] { 101, 19710, 15125, 1005, 1055, 17076, 15687, 102 })]
    [InlineData("", new long[] { 101, 102 })]
    public void Encode_IsBerts(string text, long[] expected)
    {
        var ids = new long[16];
        var used = _pieces.Encode(text, ids);
        Assert.Equal(expected, ids[..used]);
        Assert.All(ids[used..], id => Assert.Equal(_pieces.Padding, id));
    }

    [Fact]
    public void Encode_TooLong_IsRefused_OrCutWhereAsked()
    {
        var ids = new long[4];
        var error = Assert.Throws<ArgumentException>(() => _pieces.Encode("a happy person", ids));
        Assert.Contains("has 5 tokens, expected at most 4", error.Message, StringComparison.Ordinal);

        Assert.Equal(4, _pieces.Encode("a happy person", ids, cut: true));
        Assert.Equal([101, 1037, 3407, 102], ids);
    }

    [Fact]
    public void Decode_JoinsPieces_AndLeavesOutWhatFrames()
    {
        var ids = new long[12];
        _pieces.Encode("unaffable dogs", ids);
        Assert.Equal("unaffable dogs", _pieces.Decode(ids));
        Assert.Throws<ArgumentOutOfRangeException>(() => _pieces.Decode([30_522]));
    }

    [Theory]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\na", "lacks [MASK]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\na", "has 'a' twice")]
    public void Read_AnotherList_IsRefused(string text, string expected)
    {
        using var list = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Contains(expected, Assert.Throws<DasSearchException>(() => WordPieceTokenizer.Read(list, "vocab.txt")).Message, StringComparison.Ordinal);
    }
}
