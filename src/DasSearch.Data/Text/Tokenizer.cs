using System.Text;
using DasSearch.Data.Scenes;

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

/// <summary>The closed list of words that FashionVL's texts are made of, in an order that never depends on data.</summary>
/// <remarks>A checkpoint's word embeddings fit this order only: words are appended, never moved.</remarks>
public sealed class Vocabulary
{
    /// <summary>Fills a text up to its fixed length.</summary>
    public const int Padding = 0;

    /// <summary>Stands for a word that is not in the list.</summary>
    public const int Unknown = 1;

    /// <summary>Begins every text.</summary>
    public const int Start = 2;

    /// <summary>Ends every text.</summary>
    public const int End = 3;

    /// <summary>Stands for a word to be predicted.</summary>
    public const int Mask = 4;

    /// <summary>The first id of an ordinary word.</summary>
    public const int FirstWord = 5;

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private static readonly string[] Grammar =
    [
        ".", ",", "?", "a", "the", "there", "is", "are", "in", "of", "and", "top", "bottom", "left", "right", "row", "shows", "above",
        "below", "directly", "can", "see", "count", "number", "item", "items", "than", "as", "many", "more", "fewer", "how", "what", "which",
        "colour", "does", "has", "show", "scene", "scenes", "both", "only", "no", "each", "neither", "exactly", "same", "kind", "total",
        "together",
    ];

    private readonly Dictionary<string, int> _ids;

    private Vocabulary(IReadOnlyList<string> words)
    {
        Words = words;
        _ids = words.Select((word, id) => (word, id)).ToDictionary(entry => entry.word, entry => entry.id, StringComparer.Ordinal);
        Lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The words of captions, questions and statements.</summary>
    public static Vocabulary FashionVl { get; } = new(
    [
        .. Special,
        .. Enumerable.Range(0, Colours.Count).Select(colour => ((Colour)colour).Word()),
        .. Enumerable.Range(0, Products.Count).Select(product => ((Product)product).Word()),
        .. Enumerable.Range(0, Products.Count).Select(product => ((Product)product).Plural()),
        .. Numbers.UpTo(Numbers.Most),
        .. Grammar,
    ]);

    /// <summary>Every word, the id being its place; what a model card lists.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>How many words there are, special ones included.</summary>
    public int Count => Words.Count;

    private Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }

    /// <summary>The id of a word in lower case; <see cref="Unknown"/> where it is not in the list.</summary>
    public int IdOf(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var id) ? id : Unknown;
}

/// <summary>Numbers as words.</summary>
internal static class Numbers
{
    /// <summary>The highest number that texts name.</summary>
    public const int Most = 6;

    private static readonly string[] Words = ["zero", "one", "two", "three", "four", "five", "six"];

    /// <summary>From zero to <see cref="Most"/>.</summary>
    public static string Word(int number) => Words[number];

    /// <summary>The words from zero up to and with a number.</summary>
    public static IReadOnlyList<string> UpTo(int number) => Words[..(number + 1)];
}
