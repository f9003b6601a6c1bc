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
    public static CaptionPlan Draw(Change change, Random random)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (Try(Lots[random.Next(Lots.Length)], change, random) is { } plan && TellsApart(plan, change))
            {
                return plan;
            }
        }

        return OfGrid(random);
    }

    /// <summary>A plan that names every cell by its position, which any change tells apart.</summary>
    public static CaptionPlan OfGrid(Random random) => new(CaptionForm.Grid, random.Next(2));

    /// <summary>Whether each scene's caption is false of the other.</summary>
    public static bool TellsApart(CaptionPlan plan, Change change) =>
        !plan.Holds(change.Original, change.Twin) && !plan.Holds(change.Twin, change.Original);

    // Null where a caption of that form would differ in none or in two attributes.
    private static CaptionPlan? Try(CaptionForm form, Change change, Random random)
    {
        var isSwap = change.Kind == ChangeKind.Swap;
        var wording = random.Next(2);
        var (one, other) = random.Next(2) == 0 ? (change.First, change.Second) : (change.Second, change.First);
        return form switch
        {
            CaptionForm.Grid or CaptionForm.Rows => new CaptionPlan(form, wording),
            CaptionForm.Place => isSwap ? null : new CaptionPlan(form, wording, change.First, change.Second),
            CaptionForm.Places => new CaptionPlan(form, wording, one, other),
            CaptionForm.Beside => Neighbours(form, wording, change, change.First.Beside()),
            CaptionForm.Above => Neighbours(form, wording, change, change.First.Across()),
            CaptionForm.Listing => isSwap || IsOneItem(change, one, other) ? null : new CaptionPlan(form, wording, one, other),
            CaptionForm.Count or CaptionForm.Presence => isSwap ? null : new CaptionPlan(form, wording, Counted: Counted(change, random)),
            CaptionForm.Comparison => isSwap ? null : Compared(wording, change, random),
            _ => null,
        };
    }

    private static CaptionPlan? Neighbours(CaptionForm form, int wording, Change change, Position neighbour) =>
        change.Kind == ChangeKind.Swap && change.Second != neighbour
            ? null
            : new CaptionPlan(form, wording, Min(change.First, neighbour), Max(change.First, neighbour));

    private static bool IsOneItem(Change change, Position one, Position other) =>
        change.Original[one] == change.Original[other] || change.Twin[one] == change.Twin[other];

    // Counts what the changed cell is in one of the scenes and is not in the other.
    private static ItemFilter Counted(Change change, Random random)
    {
        var cell = AnyChanged(change, random);
        return random.Next(3) == 0 ? new ItemFilter(cell.Product, cell.Colour) : Changed(change, cell);
    }

    // Compares it with something that both scenes show elsewhere.
    private static CaptionPlan? Compared(int wording, Change change, Random random)
    {
        var filter = Changed(change, AnyChanged(change, random));
        var other = filter.Like(change.Original[change.Second]);
        return filter == other ? null : new CaptionPlan(CaptionForm.Comparison, wording, Counted: filter, Other: other);
    }

    private static Cell AnyChanged(Change change, Random random) =>
        (random.Next(2) == 0 ? change.Original : change.Twin)[change.First];

    private static ItemFilter Changed(Change change, Cell cell) =>
        change.Kind == ChangeKind.Colour ? new ItemFilter(null, cell.Colour) : new ItemFilter(cell.Product, null);

    private static Position Min(Position one, Position other) => one < other ? one : other;

    private static Position Max(Position one, Position other) => one > other ? one : other;
}
