using System.Text.Json;
using DasSearch.Core;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tests.Text;

/// <summary>Tokenizers read from files, against what make_bpe.py, written anew, and SentencePiece make of sentences in many scripts.</summary>
public sealed class TokenizerFileTests : IDisposable
{
    private static readonly string _bpe = Path.Combine(AppContext.BaseDirectory, "Fixtures", "bpe");
    private static readonly string _pieces = Path.Combine(AppContext.BaseDirectory, "Fixtures", "pieces");
    private static readonly string _clip = Path.Combine(AppContext.BaseDirectory, "Fixtures", "clip");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-tokens-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Encode_AThousandSentences_IsTheOracles_AndDecodesToThem()
    {
        var tokenizer = TokenizerTable.Open(_bpe);
        Assert.Equal((1, tokenizer.Count - 1), (tokenizer.Padding, tokenizer.Mask));
        var sentences = Sentences();
        Assert.Equal(1000, sentences.Count);
        Assert.All(sentences, sentence =>
        {
            var ids = new long[sentence.Ids.Count + 3];
            Assert.Equal(ids.Length - 1, tokenizer.Encode(sentence.Text, ids));
            Assert.Equal([0, .. sentence.Ids, 2, 1], ids);
            Assert.Equal(sentence.Text, tokenizer.Decode(ids));
        });
    }

    [Fact]
    public void Encode_AThousandSentences_IsSentencePieces_AndDecodesToThem()
    {
        var tokenizer = TokenizerTable.Open(Path.Combine(_pieces, "tokenizer.model"));
        Assert.Equal((1400, 0, 3), (tokenizer.Count, tokenizer.Padding, tokenizer.FirstWord));
        var expected = File.ReadLines(Path.Combine(_pieces, "ids.jsonl")).Select(static line => JsonSerializer.Deserialize<List<long>>(line)!).ToList();
        Assert.Equal(1000, expected.Count);
        Assert.All(Sentences().Zip(expected), sentence =>
        {
            var ids = new long[sentence.Second.Count + 3];
            Assert.Equal(ids.Length - 1, tokenizer.Encode(sentence.First.Text, ids));
            Assert.Equal([1, .. sentence.Second, 2, 0], ids);
            Assert.Equal(sentence.First.Text, tokenizer.Decode(ids));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("bpe_simple_vocab.txt.gz")]
    public void Encode_AThousandSentences_IsClips_AsOpenAiAndHuggingFaceHaveIt(string file)
    {
        var tokenizer = TokenizerTable.Open(Path.Combine(_clip, file));
        Assert.Equal((814, 813), (tokenizer.Count, tokenizer.Padding));
        var sentences = Sentences(_clip);
        Assert.Equal(1003, sentences.Count);
        Assert.All(sentences, sentence =>
        {
            var ids = new long[sentence.Ids.Count + 3];
            Assert.Equal(ids.Length - 1, tokenizer.Encode(sentence.Text, ids));
            Assert.Equal([812, .. sentence.Ids, 813, 813], ids);
            var again = new long[ids.Length];
            _ = tokenizer.Encode(tokenizer.Decode(ids), again);
            Assert.Equal(ids, again);
        });
    }

    [Theory]
    [InlineData("a b c", "line 2 is 'a b c', expected two pieces")]
    [InlineData("a bc", "line 2 is 'a bc', expected two pieces")]
    public void Open_OfWhatIsNoListOfClips_SaysWhy(string merge, string expected)
    {
        var path = Path.Combine(_folder.FullName, "bpe_simple_vocab_16e6.txt");
        File.WriteAllText(path, $"#version\n{merge}\n");
        Assert.Contains(expected, Assert.ThrowsAny<DasSearchException>(() => TokenizerTable.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAPackedListThatIsCutOffOrDamaged_SaysSo()
    {
        var whole = File.ReadAllBytes(Path.Combine(_clip, "bpe_simple_vocab.txt.gz"));
        var path = Path.Combine(_folder.FullName, "bpe_simple_vocab_16e6.txt.gz");
        var damaged = whole.ToArray();
        damaged.AsSpan(20, 40).Fill(0xff);
        foreach (var bytes in new[] { damaged, whole[..^1], whole[..(whole.Length / 2)], whole[..4] })
        {
            File.WriteAllBytes(path, bytes);
            Assert.StartsWith(path, Assert.ThrowsAny<DasSearchException>(() => TokenizerTable.Open(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_OfAModelThatIsCutOffOrChanged_SaysSo_OrGivesATokenizer()
    {
        var whole = File.ReadAllBytes(Path.Combine(_pieces, "tokenizer.model"));
        var (path, random) = (Path.Combine(_folder.FullName, "tokenizer.model"), new SeededRandom(5));
        for (var i = 0; i < 200; i++)
        {
            var bytes = whole.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, i % 2 == 0 ? bytes : bytes[..random.Next(bytes.Length)]);
            try
            {
                TokenizerTable.Open(path).Encode("black dogs", new long[64], cut: true);
            }
            catch (DasSearchException failure)
            {
                Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Encode_ATextThatIsTooLong_IsRefused_OrCut()
    {
        var tokenizer = TokenizerTable.Open(_bpe);
        Assert.Throws<ArgumentException>(() => tokenizer.Encode("black dogs running", new long[4]));
        var ids = new long[4];
        Assert.Equal(4, tokenizer.Encode("black dogs running", ids, cut: true));
        Assert.Equal((0, 2), (ids[0], ids[3]));
    }

    [Fact]
    public void Continues_OfWordsInPieces_IsSoForAllButTheirFirst()
    {
        var tokenizer = TokenizerTable.Open(_bpe);
        const string text = "the xylophones, zugzwang and 12 quokkas.";
        var ids = new long[64];
        var pieces = tokenizer.Encode(text, ids) - 2;

        // As many words and marks begin as there are.
        Assert.True(pieces > 8);
        Assert.Equal(8, 1 + ids.Skip(2).Take(pieces - 1).Count(id => !tokenizer.Continues(id)));
    }

    [Theory]
    [InlineData("""{"<s>": 0}""", "", "lacks <pad>")]
    [InlineData("""{"<s>": 0, "<pad>": 1, "</s>": 2, "<mask>": 9}""", "", "whose ids are not those from 0 on")]
    [InlineData("[1]", "", "cannot be understood in line 1")]
    [InlineData("""{"<s>": 0, "<pad>": 1, "</s>": 2, "<mask>": 3, "a": 4}""", "a b", "merges.txt, line 1 is 'a b', expected two pieces")]
    public void Open_OfWhatIsNoTokenizer_SaysWhy(string vocabulary, string merges, string expected)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "vocab.json"), vocabulary);
        File.WriteAllText(Path.Combine(_folder.FullName, "merges.txt"), merges);
        Assert.Contains(expected, Assert.ThrowsAny<DasSearchException>(() => TokenizerTable.Open(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAListOfPieces_IsABerts()
    {
        var path = Path.Combine(_folder.FullName, "vocab.txt");
        File.WriteAllLines(path, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "##der"]);
        var ids = new long[5];
        Assert.Equal(4, TokenizerTable.Open(path).Encode("Redder", ids));
        Assert.Equal([2L, 5, 6, 3, 0], ids);
    }

    private static List<Sentence> Sentences(string? folder = null) =>
        [.. File.ReadLines(Path.Combine(folder ?? _bpe, "sentences.jsonl")).Select(static line => JsonSerializer.Deserialize<Sentence>(line, JsonSerializerOptions.Web)!)];

    private sealed record Sentence(string Text, IReadOnlyList<long> Ids);
}
