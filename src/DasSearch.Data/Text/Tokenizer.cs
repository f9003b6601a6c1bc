using System.Text;

namespace DasSearch.Data.Text;

/// <summary>Turns texts into ids, one a word or punctuation mark, and back. Stateless but for its vocabulary.</summary>
/// <param name="vocabulary">The words known.</param>
public sealed class Tokenizer(Vocabulary vocabulary)
{
    private const string Marks = ".,?";

    /// <summary>The words known.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Writes [CLS], the text's words, [SEP] and padding.</summary>
    /// <param name="text">Words in lower case, separated by spaces; marks may touch the word before them.</param>
    /// <param name="ids">[tokens], overwritten.</param>
    /// <returns>How many ids precede the padding.</returns>
    /// <exception cref="ArgumentException">The text does not fit.</exception>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids)
    {
        var used = 0;
        Add(Vocabulary.Start, ids, ref used);
        while (!(text = text.TrimStart(' ')).IsEmpty)
        {
            var length = Marks.Contains(text[0], StringComparison.Ordinal) ? 1 : LengthOfWord(text);
            Add(Vocabulary.IdOf(text[..length]), ids, ref used);
            text = text[length..];
        }

        Add(Vocabulary.End, ids, ref used);
        ids[used..].Clear(); // [PAD] is 0
        return used;
    }

    /// <summary>The text of ids, without what frames and fills it; the inverse of <see cref="Encode"/> for known words.</summary>
    /// <param name="ids">[tokens].</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<long> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Vocabulary.Count, nameof(ids));
            if (id is Vocabulary.Padding or Vocabulary.Start or Vocabulary.End)
            {
                continue;
            }

            var word = Vocabulary.Words[(int)id];
            if (text.Length > 0 && !Marks.Contains(word, StringComparison.Ordinal))
            {
                text.Append(' ');
            }

            text.Append(word);
        }

        return text.ToString();
    }

    private static int LengthOfWord(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(" .,?");
        return end < 0 ? text.Length : end;
    }

    private static void Add(int id, Span<long> ids, ref int used)
    {
        if (used == ids.Length)
        {
            throw new ArgumentException($"The text has more than {ids.Length} tokens.", nameof(ids));
        }

        ids[used++] = id;
    }
}
