using DasSearch.Data.Captions;

namespace DasSearch.Data.Scenes;

/// <summary>What the scenes of a benchmark show, and what can be said of it.</summary>
/// <remarks>Whatever is random comes out of the streams handed in, so that what is drawn is a pure function of them.</remarks>
/// <typeparam name="TItem">What a cell shows.</typeparam>
internal interface IWorld<TItem>
    where TItem : IEquatable<TItem>
{
    /// <summary>Every item that may be drawn.</summary>
    IReadOnlyList<TItem> Items { get; }

    /// <summary>Draws an item that knows nothing of others.</summary>
    TItem Draw(Random random);

    /// <summary>Draws four cells out of at most a few items, so that items repeat and counting is worth while.</summary>
    Scene<TItem> Pooled(Random random);

    /// <summary>
    /// An item that neither filter matches, in the place of another; often one that shares something with what the first filter
    /// asks for, so that half of it does not give the match away.
    /// </summary>
    TItem Outside(TItem item, IFilter<TItem> one, IFilter<TItem> other, Random random);

    /// <summary>The item with one of its attributes changed.</summary>
    /// <param name="item">The item.</param>
    /// <param name="kind">The attribute, no <see cref="ChangeKind.Swap"/>.</param>
    /// <param name="random">The stream.</param>
    TItem Changed(TItem item, ChangeKind kind, Random random);

    /// <summary>Items that differ from one in an attribute, among which some do not match a filter, or do, as far as there are any.</summary>
    IEnumerable<TItem> Neighbours(TItem item, IFilter<TItem> filter, Random random);

    /// <summary>What a statement looks for or counts.</summary>
    IFilter<TItem> Stated(Random random);

    /// <summary>What tells an item of one scene from what is in its place in the twin.</summary>
    IFilter<TItem> Telling(ChangeKind kind, TItem item);

    /// <summary>What matches an item and no other.</summary>
    IFilter<TItem> Exactly(TItem item);

    /// <summary>The two attributes by which items are compared.</summary>
    IReadOnlyList<Aspect<TItem>> Aspects { get; }
}

/// <summary>Items that are called alike.</summary>
/// <typeparam name="TItem">What a cell shows.</typeparam>
internal interface IFilter<TItem>
    where TItem : IEquatable<TItem>
{
    /// <summary>Such as <c>red item</c>.</summary>
    string Singular { get; }

    /// <summary>Such as <c>red items</c>.</summary>
    string Plural { get; }

    /// <summary>Such as <c>a red item</c>.</summary>
    string One => $"a {Singular}";

    /// <summary>The item, where the words are one item's own name.</summary>
    IEnumerable<TItem> Named => [];

    bool Matches(TItem item);

    /// <summary>The item, changed as little as it takes to match.</summary>
    TItem Force(TItem item, Random random);

    /// <summary>The filter of the same attributes that an item matches.</summary>
    IFilter<TItem> Like(TItem item);
}

/// <summary>An attribute in which the items at one position of two scenes are compared.</summary>
/// <param name="Verb">How it is spoken of: <c>has</c> the same colour, <c>shows</c> the same kind of item.</param>
/// <param name="Words">What it is called.</param>
/// <param name="AreAlike">Whether two items have it in common.</param>
/// <param name="Copy">The second item with the first's attribute.</param>
internal sealed record Aspect<TItem>(string Verb, string Words, Func<TItem, TItem, bool> AreAlike, Func<TItem, TItem, Random, TItem> Copy);

/// <summary>What filters do with whole scenes.</summary>
internal static class Filters
{
    /// <summary>How many cells of a scene match.</summary>
    public static int Count<TItem>(this IFilter<TItem> filter, Scene<TItem> scene)
        where TItem : IEquatable<TItem>
    {
        var count = 0;
        for (var position = 0; position < Positions.Count; position++)
        {
            count += filter.Matches(scene[(Position)position]) ? 1 : 0;
        }

        return count;
    }
}

/// <summary>Shows items as images.</summary>
/// <typeparam name="TItem">What a cell shows.</typeparam>
internal interface ISceneRenderer<TItem>
    where TItem : IEquatable<TItem>
{
    /// <summary>Height and width of an image, in pixels.</summary>
    int Side { get; }

    /// <summary>Draws a picture for each cell and writes the image.</summary>
    /// <param name="scene">What is to be seen.</param>
    /// <param name="split">Where pictures are drawn from.</param>
    /// <param name="random">The stream.</param>
    /// <param name="image">[3, side, side], overwritten.</param>
    void Render(Scene<TItem> scene, Split split, Random random, Span<float> image);
}
