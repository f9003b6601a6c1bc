using DasSearch.Data.Scenes;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks;

/// <summary>What the tasks of a benchmark have in common, and its pre-training.</summary>
/// <param name="Name">Such as <c>fashionvl</c>; random streams are named after it.</param>
/// <param name="Worlds">What there is in a split.</param>
/// <param name="Renderer">Shows it.</param>
/// <param name="Tokenizer">Makes ids of what is said.</param>
internal sealed record Benchmark<TItem>(string Name, Func<Split, IWorld<TItem>> Worlds, ISceneRenderer<TItem> Renderer, ITokenizer Tokenizer)
    where TItem : IEquatable<TItem>
{
    // More than any text here has, by any tokenizer.
    private const int MostTokens = 512;

    /// <summary>Whether an item is in no training sample; null where all are in some.</summary>
    public Func<TItem, bool>? IsUnseen { get; init; }

    /// <summary>Tokens of the longest of some texts, with the two that frame it.</summary>
    public int LengthOf(IEnumerable<string> texts)
    {
        var ids = new long[MostTokens];
        return texts.Max(text => Tokenizer.Encode(text, ids));
    }

    /// <summary>The tokens of training items' names, but for those of the grammar that every benchmark's texts share.</summary>
    public HashSet<long> NameTokens()
    {
        var ids = new long[MostTokens];
        var tokens = Of(Worlds(Split.Train).Items.Select(static item => $"{item}")).ToHashSet();
        tokens.ExceptWith(Of(Vocabulary.Grammar));
        return tokens;

        IEnumerable<long> Of(IEnumerable<string> texts) =>
            texts.SelectMany(text => ids.Take(Tokenizer.Encode(text, ids))).Where(id => id >= Tokenizer.FirstWord);
    }

    /// <summary>What takes the most tokens to be named.</summary>
    public LongestNames<TItem> Longest()
    {
        var ids = new long[MostTokens];
        var names = Enum.GetValues<Split>().SelectMany(split => Worlds(split).Items).Distinct().ToList();
        var world = Worlds(Split.Train);
        return new LongestNames<TItem>(
            names.MaxBy(item => Tokens($"{item}"))!,
            LongestOf(item => world.Telling(Captions.ChangeKind.First, item)),
            LongestOf(item => world.Telling(Captions.ChangeKind.Second, item)),
            LongestOf(world.Exactly));

        int Tokens(string text) => Tokenizer.Encode(text, ids);

        IFilter<TItem> LongestOf(Func<TItem, IFilter<TItem>> filter) => names.Select(filter).MaxBy(found => Tokens(found.Plural))!;
    }
}

/// <summary>Items and filters whose names take the most tokens; the length of a text is that of its parts.</summary>
/// <param name="Item">The item.</param>
/// <param name="First">By the first attribute.</param>
/// <param name="Second">By the second attribute.</param>
/// <param name="Exact">That one item matches.</param>
internal sealed record LongestNames<TItem>(TItem Item, IFilter<TItem> First, IFilter<TItem> Second, IFilter<TItem> Exact)
    where TItem : IEquatable<TItem>
{
    public Scene<TItem> Scene => new(Item, Item, Item, Item);

    public IEnumerable<IFilter<TItem>> Filters => [First, Second, Exact];
}
