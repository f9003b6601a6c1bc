using DasSearch.Data.Captions;
using DasSearch.Data.Emoji;
using DasSearch.Data.Scenes;

namespace DasSearch.Data.EmojiVl;

/// <summary>Things with names, kinds and groups: in training all but the unseen ones, elsewhere all.</summary>
/// <remarks>Outside training an unseen thing is drawn four times as often as another, so that enough is asked about them: about a third of all draws.</remarks>
internal sealed class EmojiWorld : IWorld<Thing>
{
    private const int UnseenWeight = 4;

    private readonly Thing[] _all;
    private readonly Dictionary<string, Thing[]> _ofKind;
    private readonly Dictionary<string, Thing[]> _ofGroup;

    /// <param name="things">Every thing there is.</param>
    /// <param name="isTraining">Whether the unseen ones are left out.</param>
    public EmojiWorld(IReadOnlyList<Thing> things, bool isTraining)
    {
        Items = [.. things.Where(thing => !(isTraining && thing.IsUnseen))];

        // What is drawn from: a thing is there as many times as it weighs.
        _all = [.. Items.SelectMany(static thing => Enumerable.Repeat(thing, thing.IsUnseen ? UnseenWeight : 1))];
        _ofKind = _all.GroupBy(static thing => thing.Kind).ToDictionary(static kind => kind.Key, static kind => kind.ToArray(), StringComparer.Ordinal);
        _ofGroup = _all.GroupBy(static thing => thing.Group).ToDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);
    }

    public IReadOnlyList<Thing> Items { get; }

    public IReadOnlyList<Aspect<Thing>> Aspects =>
    [
        new("shows", "kind of item", static (one, other) => one.Kind == other.Kind, (model, _, random) => OfKind(model.Kind, random)),
        new("shows", "group of items", static (one, other) => one.Group == other.Group, (model, _, random) => OfGroup(model.Group, random)),
    ];

    public Thing Draw(Random random) => Any(_all, random);

    /// <summary>Draws a thing of a kind.</summary>
    public Thing OfKind(string kind, Random random) => Any(_ofKind[kind], random);

    /// <summary>Draws a thing of a group.</summary>
    public Thing OfGroup(string group, Random random) => Any(_ofGroup[group], random);

    // The others are often of the first one's kind, so that a name tells more than a kind.
    public Scene<Thing> Pooled(Random random)
    {
        var pool = new Thing[1 + random.Next(Positions.Count)];
        pool[0] = Draw(random);
        for (var i = 1; i < pool.Length; i++)
        {
            pool[i] = random.Next(2) == 0 ? OfKind(pool[0].Kind, random) : Draw(random);
        }

        return new Scene<Thing>(Any(pool, random), Any(pool, random), Any(pool, random), Any(pool, random));
    }

    // Half of what is not what is asked for is of its kind, or of its group.
    public Thing Outside(Thing item, IFilter<Thing> one, IFilter<Thing> other, Random random)
    {
        if (random.Next(2) == 0)
        {
            item = one switch
            {
                NameFilter name => OfKind(name.Thing.Kind, random),
                KindFilter kind => OfGroup(kind.Group, random),
                _ => item,
            };
        }

        while (one.Matches(item) || other.Matches(item))
        {
            item = Draw(random);
        }

        return item;
    }

    public Thing Changed(Thing item, ChangeKind kind, Random random)
    {
        var ofKind = _ofKind[item.Kind];
        return kind == ChangeKind.First && Array.Exists(ofKind, other => other != item) ? Other(ofKind, item, random) : Other(_all, item, random);
    }

    public IEnumerable<Thing> Neighbours(Thing item, IFilter<Thing> filter, Random random)
    {
        Thing[] neighbours = [Changed(item, ChangeKind.First, random), Other(_all, item, random), filter.Force(item, random), Outside(item, filter, filter, random)];
        return neighbours.Where(neighbour => neighbour != item);
    }

    public IFilter<Thing> Stated(Random random)
    {
        var thing = Draw(random);
        return random.Next(2) == 0 ? Exactly(thing) : Of(thing);
    }

    public IFilter<Thing> Telling(ChangeKind kind, Thing item) => kind == ChangeKind.First ? Exactly(item) : Of(item);

    public IFilter<Thing> Exactly(Thing item) => new NameFilter(item);

    /// <summary>The things of a thing's kind.</summary>
    public KindFilter Of(Thing thing) => new(this, thing.Kind, thing.Group);

    private static Thing Any(Thing[] things, Random random) => things[random.Next(things.Length)];

    private static Thing Other(Thing[] things, Thing item, Random random)
    {
        Thing other;
        do
        {
            other = Any(things, random);
        }
        while (other == item);

        return other;
    }
}

/// <summary>One thing, by its name.</summary>
internal sealed record NameFilter(Thing Thing) : IFilter<Thing>
{
    public string Singular => Thing.Name;

    public string One => $"{Thing}";

    // Not "items": some names are names of kinds, too.
    public string Plural => $"{Thing.Name} pictures";

    public IEnumerable<Thing> Named => [Thing];

    public bool Matches(Thing item) => item == Thing;

    public Thing Force(Thing item, Random random) => Thing;

    public IFilter<Thing> Like(Thing item) => new NameFilter(item);
}

/// <summary>The things of a kind.</summary>
/// <param name="World">Where they are drawn from.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Group">The group that it belongs to.</param>
internal sealed record KindFilter(EmojiWorld World, string Kind, string Group) : IFilter<Thing>
{
    public string Singular => $"{Kind} item";

    public string One => Articles.With(Singular);

    public string Plural => $"{Kind} items";

    public bool Matches(Thing item) => item.Kind == Kind;

    public Thing Force(Thing item, Random random) => Matches(item) ? item : World.OfKind(Kind, random);

    public IFilter<Thing> Like(Thing item) => World.Of(item);
}
