using DasSearch.Data.Scenes;

namespace DasSearch.Data.Text;

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
