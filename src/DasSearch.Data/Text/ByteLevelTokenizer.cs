using DasSearch.Core;
using Microsoft.ML.Tokenizers;

namespace DasSearch.Data.Text;

/// <summary>Byte-level BPE (arXiv:1508.07909) as RoBERTa reads (arXiv:1907.11692): pieces of words with the space before them, of UTF-8's bytes.</summary>
public sealed class ByteLevelTokenizer : ITokenizer
{
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

    /// <summary>One of a folder's files.</summary>
    /// <exception cref="DasSearchException">They are no such lists.</exception>
    internal static ByteLevelTokenizer Of(PieceFiles files)
    {
        files.Check(_special, "a RoBERTa's");
        return new ByteLevelTokenizer(
            BpeTokenizer.Create(new BpeOptions(files.Vocabulary) { Merges = files.Merges(), ByteLevel = true, PreTokenizer = new WordSplitter() }), files.Vocabulary);
    }

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids, bool cut = false) => _frame.Write(_pieces.EncodeToIds(text), ids, cut);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<long> ids) => _pieces.Decode(_frame.Read(ids, Count));
}
