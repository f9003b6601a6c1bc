using DasSearch.Core;
using DasSearch.Data.Folders;
using DasSearch.Formats;
using Microsoft.ML.Tokenizers;

namespace DasSearch.Data.Text;

/// <summary>Byte-level BPE (arXiv:1508.07909) as RoBERTa reads (arXiv:1907.11692): pieces of words with the space before them, of UTF-8's bytes.</summary>
public sealed class ByteLevelTokenizer : ITokenizer
{
    private const int MostTokens = 1_000_000; // of a vocabulary; RoBERTa's has 50,265

    private const char Space = 'Ġ'; // how a byte-level piece writes it

    private static readonly string[] _special = ["<s>", "<pad>", "</s>", "<mask>"];

    private readonly BpeTokenizer _pieces;
    private readonly TokenFrame _frame;
    private readonly bool[] _continues; // by id

    private ByteLevelTokenizer(BpeTokenizer pieces, IReadOnlyDictionary<string, int> vocabulary)
    {
        _pieces = pieces;
        _frame = new TokenFrame(Start: vocabulary[_special[0]], End: vocabulary[_special[2]], Padding: vocabulary[_special[1]]);
        Mask = vocabulary[_special[3]];
        _continues = new bool[vocabulary.Count];
        foreach (var (piece, id) in vocabulary)
        {
            _continues[id] = piece.Length > 0 && piece[0] != Space && char.IsLetterOrDigit(piece[0]);
        }

        FirstWord = new[] { _frame.Start, _frame.Padding, _frame.End }.Max() + 1;
    }

    /// <inheritdoc/>
    public int Count => _continues.Length;

    /// <inheritdoc/>
    public int Padding => _frame.Padding;

    /// <inheritdoc/>
    public int Mask { get; }

    /// <inheritdoc/>
    public int FirstWord { get; }

    /// <inheritdoc/>
    /// <remarks>Pieces of letters or digits without a space before them; a text's first word has none either, but begins it.</remarks>
    public bool Continues(long id) => (ulong)id < (ulong)_continues.Length && _continues[id];

    /// <summary>Reads a folder with <c>vocab.json</c>, from pieces to ids, and <c>merges.txt</c>, two pieces a line, which become one in this order.</summary>
    /// <exception cref="DasSearchException">They are not there, or no such lists.</exception>
    public static ByteLevelTokenizer Read(string folder)
    {
        var path = Path.Combine(folder, "vocab.json");
        var vocabulary = JsonTable.Read<Dictionary<string, int>>(path, "ids of pieces, {\"<s>\": 0, …}");
        if (Array.Find(_special, token => !vocabulary.ContainsKey(token)) is { } missing)
        {
            throw new DasSearchException($"{path} lacks {missing}, expected a RoBERTa's vocabulary");
        }

        if (vocabulary.Count > MostTokens || !vocabulary.Values.Order().SequenceEqual(Enumerable.Range(0, vocabulary.Count)))
        {
            throw new DasSearchException($"{path} has {vocabulary.Count} pieces whose ids are not those from 0 on, each once, expected at most {MostTokens} that are");
        }

        var merges = Merges(Path.Combine(folder, "merges.txt"), vocabulary);
        var pieces = BpeTokenizer.Create(new BpeOptions(vocabulary) { Merges = merges, ByteLevel = true, PreTokenizer = new WordSplitter() });
        return new ByteLevelTokenizer(pieces, vocabulary);
    }

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids, bool cut = false) => _frame.Write(_pieces.EncodeToIds(text), ids, cut);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<long> ids) => _pieces.Decode(_frame.Read(ids, Count));

    private static List<string> Merges(string path, Dictionary<string, int> vocabulary)
    {
        var merges = new List<string>();
        using var lines = new StringReader(InputFile.ReadText(path, InputKind.Table));
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            if (line.Length > 0 && !(number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
            {
                merges.Add(line.Split(' ') is [{ Length: > 0 } first, { Length: > 0 } second] && vocabulary.ContainsKey(first + second)
                    ? line
                    : throw new DasSearchException($"{path}, line {number} is '{line}', expected two pieces whose sum is one of the vocabulary's"));
            }
        }

        return merges;
    }
}
