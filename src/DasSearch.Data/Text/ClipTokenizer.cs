using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DasSearch.Core;
using DasSearch.Formats;
using Microsoft.ML.Tokenizers;

namespace DasSearch.Data.Text;

/// <summary>CLIP's byte-level BPE (arXiv:2103.00020): texts in lower case, words without the spaces between them, whose last letter says that it is one.</summary>
/// <remarks>
/// Letters are to be composed (NFC), as texts nearly always come: .NET without culture data, as the tools are built, cannot compose them. What OpenAI's code
/// mends besides, by ftfy and as HTML, is left as it is, too. A text is padded with its end, as Hugging Face does: what CLIP reads of a text is its first
/// end, which sees nothing behind it. No piece stands for a hidden word.
/// </remarks>
public sealed class ClipTokenizer : ITokenizer
{
    internal const string Start = "<|startoftext|>";

    private const string End = "<|endoftext|>";
    private const string WordEnd = "</w>";
    private const int MostMerges = 49_152 - 512 - 2; // the official list is longer than its vocabulary
    private const int MostBytes = 64 << 20; // of a list once it is unpacked

    private readonly BpeTokenizer _pieces;
    private readonly TokenFrame _frame;
    private readonly string[] _texts; // by id

    private ClipTokenizer(IReadOnlyDictionary<string, int> vocabulary, IEnumerable<string> merges)
    {
        _pieces = BpeTokenizer.Create(
            new BpeOptions(vocabulary) { Merges = merges, ByteLevel = true, EndOfWordSuffix = WordEnd, PreTokenizer = new ClipSplitter() });
        _frame = new TokenFrame(vocabulary[Start], vocabulary[End], Padding: vocabulary[End]);
        _texts = new string[vocabulary.Count];
        foreach (var (piece, id) in vocabulary)
        {
            _texts[id] = piece;
        }
    }

    /// <inheritdoc/>
    public int Count => _texts.Length;

    /// <inheritdoc/>
    public int Padding => _frame.Padding;

    /// <inheritdoc/>
    public int Mask => _frame.Padding;

    /// <inheritdoc/>
    public int FirstWord => 0;

    /// <inheritdoc/>
    /// <remarks>Never: pieces tell where words end, and not where they begin.</remarks>
    public bool Continues(long id) => false;

    /// <summary>Reads OpenAI's list of merges, <c>bpe_simple_vocab_16e6.txt.gz</c>, or what it is unpacked; ids follow from it.</summary>
    /// <exception cref="DasSearchException">It is not there, or no such list.</exception>
    public static ClipTokenizer Read(string path)
    {
        var letters = ByteAlphabet.Letters.Select(static letter => letter.ToString()).ToList();
        List<string> pieces = [.. letters, .. letters.Select(static letter => letter + WordEnd)];
        var known = pieces.ToHashSet(StringComparer.Ordinal);
        var merges = new List<string>();
        using var lines = new StringReader(Unpacked(path));
        _ = lines.ReadLine(); // says its version
        for (var number = 2; merges.Count < MostMerges && lines.ReadLine() is { Length: > 0 } line; number++)
        {
            if (line.Split(' ') is not [var first, var second] || !known.Contains(first) || !known.Contains(second) || !known.Add(first + second))
            {
                throw new DasSearchException($"{path}, line {number} is '{line}', expected two pieces of lines before it, whose sum is a new one");
            }

            merges.Add(line);
            pieces.Add(first + second);
        }

        return new ClipTokenizer(pieces.Append(Start).Append(End).Select(static (piece, id) => (piece, id)).ToDictionary(), merges);
    }

    /// <summary>One of a folder's files.</summary>
    /// <exception cref="DasSearchException">They are no such lists.</exception>
    internal static ClipTokenizer Of(PieceFiles files)
    {
        files.Check([Start, End, .. ByteAlphabet.Letters.Select(static letter => letter + WordEnd)], "CLIP's");
        return new ClipTokenizer(files.Vocabulary, files.Merges());
    }

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids, bool cut = false) => _frame.Write(_pieces.EncodeToIds(Lowered(text.ToString())), ids, cut);

    /// <inheritdoc/>
    /// <remarks>With a space behind each word but the last one, whatever there was.</remarks>
    public string Decode(ReadOnlySpan<long> ids)
    {
        var pieces = string.Concat(_frame.Read(ids, Count).Select(id => _texts[id]));
        return string.Join(' ', pieces.Split(WordEnd).Select(ByteAlphabet.Read)).TrimEnd(' ');
    }

    // As Python does: İ becomes two letters, and a Σ that ends a word another one than within it.
    private static string Lowered(string text)
    {
        var lower = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            _ = text[i] switch
            {
                'İ' => lower.Append("i\u0307"),
                'Σ' => lower.Append(i > 0 && char.IsLetter(text[i - 1]) && !(i + 1 < text.Length && char.IsLetter(text[i + 1])) ? 'ς' : 'σ'),
                var letter => lower.Append(letter),
            };
        }

        return lower.ToString().ToLowerInvariant();
    }

    private static string Unpacked(string path)
    {
        var bytes = InputFile.ReadBytes(path, InputKind.Merges);
        if (bytes is not [0x1f, 0x8b, ..])
        {
            return Encoding.UTF8.GetString(bytes);
        }

        try
        {
            using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var content = new MemoryStream();
            var part = new byte[1 << 16];
            for (int read; content.Length <= MostBytes && (read = packed.Read(part)) > 0;)
            {
                content.Write(part, 0, read);
            }

            // gzip ends in the length of what it holds (RFC 1952, section 2.3.1), which a file that is cut off does not.
            return content.Length <= MostBytes && content.Length == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan()[^sizeof(uint)..])
                ? Encoding.UTF8.GetString(content.ToArray())
                : throw new DasSearchException($"{path} is cut off, or holds more than {MostBytes} bytes, expected CLIP's merges: fetch it again");
        }
        catch (InvalidDataException failure)
        {
            throw new DasSearchException($"{path} is damaged: {failure.Message.TrimEnd('.')}; fetch it again", failure);
        }
    }

    /// <summary>Splits texts as CLIP does: English endings such as 've; letters; one digit; marks. White space belongs to none.</summary>
    private sealed class ClipSplitter : PreTokenizer
    {
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
        {
            var parts = new List<(int Offset, int Length)>();
            for (var start = 0; start < text.Length;)
            {
                var kind = WordSplitter.KindOf(text[start..]);
                var length = WordSplitter.EndingOf(text[start..]);
                while (length == 0 || (kind is WordSplitter.Kind.Letter or WordSplitter.Kind.Other && start + length < text.Length
                    && !IsEnding(text, start, length) && WordSplitter.KindOf(text[(start + length)..]) == kind))
                {
                    Rune.DecodeFromUtf16(text[(start + length)..], out _, out var used);
                    length += used;
                }

                if (kind != WordSplitter.Kind.Space)
                {
                    parts.Add((start, length));
                }

                start += length;
            }

            return parts;
        }

        // An ending stands alone, though letters may follow it.
        private static bool IsEnding(ReadOnlySpan<char> text, int start, int length) => length > 1 && WordSplitter.EndingOf(text[start..]) == length;
    }
}
