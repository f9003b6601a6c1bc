using DasSearch.Data.Scenes;

namespace DasSearch.Data.Captions;

/// <summary>Plans captions that tell a scene from its twin.</summary>
internal static class CaptionPlanner
{
    private const int Tries = 16;

    // How often each form is tried. Those that tell of the whole scene come most often: they teach the most a caption. Those
    // that count are next: which of two captions is true does not say by itself how counting is done.
    private static readonly CaptionForm[] Lots =
    [
        .. Enumerable.Repeat(CaptionForm.Grid, 8),
        .. Enumerable.Repeat(CaptionForm.Rows, 4),
        .. Enumerable.Repeat(CaptionForm.Places, 4),
        .. Enumerable.Repeat(CaptionForm.Place, 2),
        .. Enumerable.Repeat(CaptionForm.Listing, 2),
        .. Enumerable.Repeat(CaptionForm.Count, 6),
        .. Enumerable.Repeat(CaptionForm.Presence, 4),
        .. Enumerable.Repeat(CaptionForm.Comparison, 4),
        CaptionForm.Beside,
        CaptionForm.Above,
    ];

    /// <summary>
    /// A plan whose captions of the two scenes differ in the changed attribute and nothing else, each being true of its
    /// own scene and false of the other.
    /// </summary>
    /// <remarks>Depends on the two scenes in the same way, so that exchanging them exchanges the captions.</remarks>
    public static CaptionPlan<TItem> Draw<TItem>(IWorld<TItem> world, Change<TItem> change, Random random)
        where TItem : IEquatable<TItem>
    {
        for (var i = 0; i < Tries; i++)
        {
            if (Try(world, Lots[random.Next(Lots.Length)], change, random) is { } plan && TellsApart(plan, change))
            {
                return plan;
            }
        }

        return OfGrid<TItem>(random);
    }

    /// <summary>A plan that names every cell by its position, which any change tells apart.</summary>
    public static CaptionPlan<TItem> OfGrid<TItem>(Random random)
        where TItem : IEquatable<TItem> =>
        new(CaptionForm.Grid, random.Next(2));

    /// <summary>Whether each scene's caption is false of the other.</summary>
    public static bool TellsApart<TItem>(CaptionPlan<TItem> plan, Change<TItem> change)
        where TItem : IEquatable<TItem> =>
        !plan.Holds(change.Original, change.Twin) && !plan.Holds(change.Twin, change.Original);

    // Null where a caption of that form would differ in none or in two attributes.
    private static CaptionPlan<TItem>? Try<TItem>(IWorld<TItem> world, CaptionForm form, Change<TItem> change, Random random)
        where TItem : IEquatable<TItem>
    {
        var isSwap = change.Kind == ChangeKind.Swap;
        var wording = random.Next(2);
        var (one, other) = random.Next(2) == 0 ? (change.First, change.Second) : (change.Second, change.First);
        return form switch
        {
            CaptionForm.Grid or CaptionForm.Rows => new CaptionPlan<TItem>(form, wording),
            CaptionForm.Place => isSwap ? null : new CaptionPlan<TItem>(form, wording, change.First, change.Second),
            CaptionForm.Places => new CaptionPlan<TItem>(form, wording, one, other),
            CaptionForm.Beside => Neighbours(form, wording, change, change.First.Beside()),
            CaptionForm.Above => Neighbours(form, wording, change, change.First.Across()),
            CaptionForm.Listing => isSwap || IsOneItem(change, one, other) ? null : new CaptionPlan<TItem>(form, wording, one, other),
            CaptionForm.Count or CaptionForm.Presence => isSwap ? null : new CaptionPlan<TItem>(form, wording, Counted: Counted(world, change, random)),
            CaptionForm.Comparison => isSwap ? null : Compared(world, wording, change, random),
            _ => null,
        };
    }

    private static CaptionPlan<TItem>? Neighbours<TItem>(CaptionForm form, int wording, Change<TItem> change, Position neighbour)
        where TItem : IEquatable<TItem> =>
        change.Kind == ChangeKind.Swap && change.Second != neighbour
            ? null
            : new CaptionPlan<TItem>(form, wording, Min(change.First, neighbour), Max(change.First, neighbour));

    private static bool IsOneItem<TItem>(Change<TItem> change, Position one, Position other)
        where TItem : IEquatable<TItem> =>
        change.Original[one].Equals(change.Original[other]) || change.Twin[one].Equals(change.Twin[other]);

    // Counts what the changed cell is in one of the scenes and is not in the other.
    private static IFilter<TItem> Counted<TItem>(IWorld<TItem> world, Change<TItem> change, Random random)
        where TItem : IEquatable<TItem>
    {
        var item = AnyChanged(change, random);
        return random.Next(3) == 0 ? world.Exactly(item) : world.Telling(change.Kind, item);
    }

    // Compares it with something that both scenes show elsewhere.
    private static CaptionPlan<TItem>? Compared<TItem>(IWorld<TItem> world, int wording, Change<TItem> change, Random random)
        where TItem : IEquatable<TItem>
    {
        var filter = world.Telling(change.Kind, AnyChanged(change, random));
        var other = filter.Like(change.Original[change.Second]);
        return filter.Equals(other) ? null : new CaptionPlan<TItem>(CaptionForm.Comparison, wording, Counted: filter, Other: other);
    }

    private static TItem AnyChanged<TItem>(Change<TItem> change, Random random)
        where TItem : IEquatable<TItem> =>
        (random.Next(2) == 0 ? change.Original : change.Twin)[change.First];

    private static Position Min(Position one, Position other) => one < other ? one : other;

    private static Position Max(Position one, Position other) => one > other ? one : other;
}
