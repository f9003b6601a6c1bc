namespace DasSearch.Data.Text;

/// <summary>Turns texts into ids and back. What it gives depends on the text alone, and threads may share it.</summary>
public interface ITokenizer
{
    /// <summary>How many ids there are, special ones included: rows of a table of word embeddings.</summary>
    int Count { get; }

    /// <summary>Fills a text up to its fixed length.</summary>
    int Padding { get; }

    /// <summary>Stands for a token to be predicted.</summary>
    int Mask { get; }

    /// <summary>The first id of an ordinary token; all from it on are ordinary, but for <see cref="Mask"/>.</summary>
    int FirstWord { get; }

    /// <summary>Whether a token is a later part of the word that the token before it begins.</summary>
    /// <param name="id">The token; any number.</param>
    bool Continues(long id);

    /// <summary>Writes the start, the text's tokens, the end and padding.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">[tokens], overwritten; has room for start and end at least.</param>
    /// <param name="cut">Whether a text that does not fit loses its last tokens; else it is refused.</param>
    /// <returns>How many ids precede the padding.</returns>
    /// <exception cref="ArgumentException">The text does not fit, and is not to be cut.</exception>
    int Encode(ReadOnlySpan<char> text, Span<long> ids, bool cut = false);

    /// <summary>The text of ids, without what frames and fills it.</summary>
    /// <param name="ids">[tokens].</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is none of this tokenizer.</exception>
    string Decode(ReadOnlySpan<long> ids);
}
