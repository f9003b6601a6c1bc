using DasSearch.Core;
using Microsoft.ML.Tokenizers;

namespace DasSearch.Data.Text;

/// <summary>Words in lower case and without accents, as the longest pieces that a vocabulary has: WordPiece, as BERT reads (arXiv:1810.04805).</summary>
public sealed class WordPieceTokenizer : ITokenizer
{
    private const string Later = "##"; // begins the tokens that continue a word
    private const int MostTokens = 1_000_000; // of a vocabulary; the largest BERT's has 120 thousand

    private readonly BertTokenizer _pieces;
    private readonly bool[] _continues; // by id

    private TokenFrame Frame => new(_pieces.ClassificationTokenId, _pieces.SeparatorTokenId, _pieces.PaddingTokenId);

    private WordPieceTokenizer(BertTokenizer pieces, bool[] continues, int firstWord) => (_pieces, _continues, FirstWord) = (pieces, continues, firstWord);

    /// <inheritdoc/>
    public int Count => _continues.Length;

    /// <inheritdoc/>
    public int Padding => _pieces.PaddingTokenId;

    /// <inheritdoc/>
    public int Mask => _pieces.MaskingTokenId;

    /// <inheritdoc/>
    /// <remarks>The one after the last token in brackets: BERT's lists begin with special ones and unused ones.</remarks>
    public int FirstWord { get; }

    /// <inheritdoc/>
    public bool Continues(long id) => (ulong)id < (ulong)_continues.Length && _continues[id];

    /// <summary>Reads a vocabulary: a token a line, the id being its place; later parts of words begin with ##.</summary>
    /// <param name="vocabulary">The <c>vocab.txt</c>; read to its end, and stays the caller's.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="DasSearchException">It is no such list.</exception>
    public static WordPieceTokenizer Read(Stream vocabulary, string source)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        var last = -1;
        using var copy = new MemoryStream();
        using (var reader = new StreamReader(vocabulary, leaveOpen: true))
        using (var writer = new StreamWriter(copy, leaveOpen: true) { NewLine = "\n" })
        {
            while (reader.ReadLine() is { } token)
            {
                if (tokens.Count == MostTokens || !tokens.TryAdd(token, tokens.Count))
                {
                    throw new DasSearchException(
                        $"{source} has {(tokens.Count == MostTokens ? $"more than {MostTokens} tokens" : $"'{token}' twice")}, expected a vocabulary: one token a line");
                }

                last = token is ['[', _, .., ']'] ? tokens.Count - 1 : last;
                writer.WriteLine(token);
            }
        }

        foreach (var special in new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" })
        {
            if (!tokens.ContainsKey(special))
            {
                throw new DasSearchException($"{source} lacks {special}, expected a BERT's vocabulary");
            }
        }

        var continues = new bool[tokens.Count];
        foreach (var (token, id) in tokens)
        {
            continues[id] = token.StartsWith(Later, StringComparison.Ordinal);
        }

        copy.Position = 0;
        return new WordPieceTokenizer(BertTokenizer.Create(copy, new BertOptions { RemoveNonSpacingMarks = true }), continues, last + 1);
    }

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids, bool cut = false) =>
        Frame.Write(_pieces.EncodeToIds(Accents.Removed(text), addSpecialTokens: false), ids, cut);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<long> ids) => _pieces.Decode(Frame.Read(ids, Count), skipSpecialTokens: true);
}
