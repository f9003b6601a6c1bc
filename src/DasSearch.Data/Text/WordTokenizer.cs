using System.Text;
using DasSearch.Data.FashionVl;

namespace DasSearch.Data.Text;

/// <summary>One id a word or punctuation mark, from a closed list.</summary>
/// <remarks>Reads words in lower case, separated by spaces; marks may touch the word before them.</remarks>
public sealed class WordTokenizer(Vocabulary vocabulary) : ITokenizer
{
    private const string Marks = ".,?";

    /// <inheritdoc/>
    public int Count => vocabulary.Count;

    /// <inheritdoc/>
    public int Padding => Vocabulary.Padding;

    /// <inheritdoc/>
    public int Mask => Vocabulary.Mask;

    /// <inheritdoc/>
    public int FirstWord => Vocabulary.FirstWord;

    /// <inheritdoc/>
    /// <remarks>Never: a token is a word.</remarks>
    public bool Continues(long id) => false;

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids, bool cut = false)
    {
        var used = 0;
        ids[used++] = Vocabulary.Start;
        while (!(text = text.TrimStart(' ')).IsEmpty)
        {
            if (used == ids.Length - 1)
            {
                used = cut ? used : throw new ArgumentException($"The text has more than {ids.Length} tokens.", nameof(ids));
                break;
            }

            var length = Marks.Contains(text[0], StringComparison.Ordinal) ? 1 : LengthOfWord(text);
            ids[used++] = vocabulary.IdOf(text[..length]);
            text = text[length..];
        }

        ids[used++] = Vocabulary.End;
        ids[used..].Clear(); // [PAD] is 0
        return used;
    }

    /// <inheritdoc/>
    /// <remarks>The inverse of <see cref="Encode"/> for known words.</remarks>
    public string Decode(ReadOnlySpan<long> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Count, nameof(ids));
            if (id is Vocabulary.Padding or Vocabulary.Start or Vocabulary.End)
            {
                continue;
            }

            var word = vocabulary.Words[(int)id];
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
}

/// <summary>The closed list of words that a benchmark's texts are made of, in an order that depends on nothing but the benchmark.</summary>
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

    /// <summary>What every benchmark's texts are made of besides names.</summary>
    internal static IReadOnlyList<string> Grammar { get; } =
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

    /// <summary>The words of a benchmark whose list depends on its data: those of every benchmark's grammar first, then its own.</summary>
    /// <param name="own">The others, in an order that depends on the data alone; repetitions are passed over.</param>
    internal static Vocabulary Of(IEnumerable<string> own) => new([.. Special.Concat(Numbers.UpTo(Numbers.Most)).Concat(Grammar).Concat(own).Distinct()]);

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
