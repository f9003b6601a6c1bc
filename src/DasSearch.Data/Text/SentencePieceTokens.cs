using DasSearch.Core;
using DasSearch.Formats;
using Microsoft.ML.Tokenizers;

namespace DasSearch.Data.Text;

/// <summary>SentencePiece (arXiv:1808.06226) as LLaMA reads: pieces of a text with the space before it, and bytes for what no piece has.</summary>
/// <remarks>A model without a piece for padding, as LLaMA's, pads with the unknown piece, which the mask hides; there is none that stands for a hidden word.</remarks>
public sealed class SentencePieceTokens : ITokenizer
{
    private const char Space = '\u2581'; // how a piece writes it

    private readonly SentencePieceTokenizer _pieces;
    private readonly TokenFrame _frame;
    private readonly bool[] _continues; // by id

    private SentencePieceTokens(SentencePieceTokenizer pieces)
    {
        _pieces = pieces;
        _frame = new TokenFrame(pieces.BeginningOfSentenceId, pieces.EndOfSentenceId, Padding: pieces.UnknownId);
        FirstWord = new[] { _frame.Start, _frame.End, _frame.Padding }.Max() + 1;
        _continues = new bool[pieces.Vocabulary.Count];
        foreach (var (piece, id) in pieces.Vocabulary)
        {
            _continues[id] = id >= FirstWord && piece.Length > 0 && char.IsLetterOrDigit(piece[0]) && piece[0] != Space;
        }
    }

    /// <inheritdoc/>
    public int Count => _continues.Length;

    /// <inheritdoc/>
    public int Padding => _frame.Padding;

    /// <inheritdoc/>
    public int Mask => _frame.Padding;

    /// <inheritdoc/>
    public int FirstWord { get; }

    /// <inheritdoc/>
    /// <remarks>Pieces that begin with a letter or a digit and not with a space.</remarks>
    public bool Continues(long id) => (ulong)id < (ulong)_continues.Length && _continues[id];

    /// <summary>Reads a <c>tokenizer.model</c>.</summary>
    /// <exception cref="DasSearchException">It is not there, or no such model; nor are unigram models with bytes read, whose bytes the library numbers otherwise.</exception>
    public static SentencePieceTokens Read(string path)
    {
        using var file = InputFile.Open(path, InputKind.Table);
        try
        {
            var pieces = SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false);
            return pieces.Vocabulary.Values.Order().SequenceEqual(Enumerable.Range(0, pieces.Vocabulary.Count))
                ? new SentencePieceTokens(pieces)
                : throw new DasSearchException($"{path} has {pieces.Vocabulary.Count} pieces whose ids are not those from 0 on, each once, expected a model of BPE such as LLaMA's");
        }
        catch (Exception failure) when (failure is not DasSearchException)
        {
            // Whatever a protocol buffer's reader meets in bytes that are none.
            throw new DasSearchException($"{path} is no SentencePiece model: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids, bool cut = false) =>
        _frame.Write(_pieces.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false), ids, cut);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<long> ids) => _pieces.Decode(_frame.Read(ids, Count));
}
