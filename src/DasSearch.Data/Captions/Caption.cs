using DasSearch.Data.Scenes;
using DasSearch.Data.Tasks;
using DasSearch.Data.Text;
using static DasSearch.Data.Scenes.Position;

namespace DasSearch.Data.Captions;

/// <summary>What a caption says about a scene.</summary>
internal enum CaptionForm
{
    /// <summary>All four cells, each with its position.</summary>
    Grid,

    /// <summary>All four cells, row by row.</summary>
    Rows,

    /// <summary>One cell with its position.</summary>
    Place,

    /// <summary>Two cells with their positions.</summary>
    Places,

    /// <summary>Two items, one directly left of the other.</summary>
    Beside,

    /// <summary>Two items, one directly above the other.</summary>
    Above,

    /// <summary>Two different items, wherever they are.</summary>
    Listing,

    /// <summary>How many cells match a filter.</summary>
    Count,

    /// <summary>Whether any cell matches a filter.</summary>
    Presence,

    /// <summary>Whether more, fewer or as many cells match one filter as another.</summary>
    Comparison,
}

/// <summary>All of a caption but what is in the cells: the same plan for two scenes gives two comparable captions.</summary>
/// <param name="Form">What is said.</param>
/// <param name="Wording">Which of the form's two wordings, 0 or 1.</param>
/// <param name="First">
/// The first cell spoken of; the left one of <see cref="CaptionForm.Beside"/>, the upper one of <see cref="CaptionForm.Above"/>.
/// </param>
/// <param name="Second">The second cell spoken of, never the first.</param>
/// <param name="Counted">What <see cref="CaptionForm.Count"/> counts, and what the forms after it speak of; none for other forms.</param>
/// <param name="Other">What <see cref="CaptionForm.Comparison"/> compares with; none for other forms.</param>
internal readonly record struct CaptionPlan<TItem>(
    CaptionForm Form,
    int Wording,
    Position First = Position.TopLeft,
    Position Second = Position.TopRight,
    IFilter<TItem> Counted = null!,
    IFilter<TItem> Other = null!)
    where TItem : IEquatable<TItem>
{
    /// <summary>How the two counts of a scene compare: 1 where there are more of the first, −1 where there are fewer.</summary>
    public int Compare(Scene<TItem> scene) => Math.Sign(Counted.Count(scene) - Other.Count(scene));

    /// <summary>Whether what the plan says of one scene is also true of another.</summary>
    /// <param name="described">The scene that the caption was written for.</param>
    /// <param name="shown">The scene that is looked at.</param>
    public bool Holds(Scene<TItem> described, Scene<TItem> shown)
    {
        var (one, other) = (described[First], described[Second]);
        return Form switch
        {
            CaptionForm.Grid or CaptionForm.Rows => shown == described,
            CaptionForm.Place => shown[First].Equals(one),
            CaptionForm.Places => AreAt(shown, First, one, Second, other),
            CaptionForm.Beside =>
                AreAt(shown, Position.TopLeft, one, Position.TopRight, other) || AreAt(shown, Position.BottomLeft, one, Position.BottomRight, other),
            CaptionForm.Above =>
                AreAt(shown, Position.TopLeft, one, Position.BottomLeft, other) || AreAt(shown, Position.TopRight, one, Position.BottomRight, other),
            CaptionForm.Listing => Shows(shown, one) && Shows(shown, other),
            CaptionForm.Count => Counted.Count(shown) == Counted.Count(described),
            CaptionForm.Presence => Counted.Count(shown) > 0 == Counted.Count(described) > 0,
            CaptionForm.Comparison => Compare(shown) == Compare(described),
            _ => throw new InvalidOperationException($"No caption has the form {Form}."),
        };
    }

    private static bool Shows(Scene<TItem> scene, TItem item) =>
        scene.TopLeft.Equals(item) || scene.TopRight.Equals(item) || scene.BottomLeft.Equals(item) || scene.BottomRight.Equals(item);

    private static bool AreAt(Scene<TItem> scene, Position here, TItem one, Position there, TItem other) =>
        scene[here].Equals(one) && scene[there].Equals(other);
}

/// <summary>Writes captions: small-grammar English, in lower case.</summary>
internal static class CaptionText
{
    /// <summary>What a plan says of a scene; true of it by construction.</summary>
    public static string Write<TItem>(CaptionPlan<TItem> plan, Scene<TItem> scene)
        where TItem : IEquatable<TItem>
    {
        var (one, other) = (scene[plan.First], scene[plan.Second]);
        var (here, there) = (plan.First.Phrase(), plan.Second.Phrase());
        return (plan.Form, plan.Wording) switch
        {
            (CaptionForm.Grid, 0) =>
                $"{scene.TopLeft} {TopLeft.Phrase()}, {scene.TopRight} {TopRight.Phrase()}, "
                + $"{scene.BottomLeft} {BottomLeft.Phrase()} and {scene.BottomRight} {BottomRight.Phrase()}.",
            (CaptionForm.Grid, _) =>
                $"{TopLeft.Phrase()} {scene.TopLeft}, {TopRight.Phrase()} {scene.TopRight}, "
                + $"{BottomLeft.Phrase()} {scene.BottomLeft} and {BottomRight.Phrase()} {scene.BottomRight}.",
            (CaptionForm.Rows, 0) =>
                $"{scene.TopLeft} and {scene.TopRight} above {scene.BottomLeft} and {scene.BottomRight}.",
            (CaptionForm.Rows, _) =>
                $"the top row shows {scene.TopLeft} and {scene.TopRight}, the bottom row {scene.BottomLeft} and {scene.BottomRight}.",
            (CaptionForm.Place, 0) => $"there is {one} in the {here}.",
            (CaptionForm.Place, _) => $"the {here} shows {one}.",
            (CaptionForm.Places, 0) => $"there is {one} in the {here} and {other} in the {there}.",
            (CaptionForm.Places, _) => $"the {here} shows {one}, the {there} {other}.",
            (CaptionForm.Beside, 0) => $"{one} is directly left of {other}.",
            (CaptionForm.Beside, _) => $"{other} is directly right of {one}.",
            (CaptionForm.Above, 0) => $"{one} is directly above {other}.",
            (CaptionForm.Above, _) => $"{other} is directly below {one}.",
            (CaptionForm.Listing, 0) => $"there is {one} and {other}.",
            (CaptionForm.Listing, _) => $"one can see {one} and {other}.",
            (CaptionForm.Count, 0) => $"the number of {plan.Counted.Plural} is {Numbers.Word(plan.Counted.Count(scene))}.",
            (CaptionForm.Count, _) => $"one can count {Numbers.Word(plan.Counted.Count(scene))} {plan.Counted.Plural}.",
            (CaptionForm.Presence, 0) => $"there is {Some(plan, scene)}.",
            (CaptionForm.Presence, _) => $"one can see {Some(plan, scene)}.",
            (CaptionForm.Comparison, 0) => $"there are {Compared(plan, scene)}.",
            (CaptionForm.Comparison, _) => $"one can see {Compared(plan, scene)}.",
            _ => throw new ArgumentOutOfRangeException(nameof(plan), plan, "No caption is planned like that."),
        };
    }

    /// <summary>Some captions of some forms, of which one has as many tokens as any.</summary>
    public static IEnumerable<string> Longest<TItem>(LongestNames<TItem> names, IEnumerable<CaptionForm> forms)
        where TItem : IEquatable<TItem> =>
        from form in forms
        from wording in Enumerable.Range(0, 2)
        from filter in names.Filters
        select Write(new CaptionPlan<TItem>(form, wording, Counted: filter, Other: filter), names.Scene);

    private static string Some<TItem>(CaptionPlan<TItem> plan, Scene<TItem> scene)
        where TItem : IEquatable<TItem> =>
        plan.Counted.Count(scene) > 0 ? plan.Counted.One : $"no {plan.Counted.Singular}";

    private static string Compared<TItem>(CaptionPlan<TItem> plan, Scene<TItem> scene)
        where TItem : IEquatable<TItem> =>
        plan.Compare(scene) switch
    {
        > 0 => $"more {plan.Counted.Plural} than {plan.Other.Plural}",
        < 0 => $"fewer {plan.Counted.Plural} than {plan.Other.Plural}",
        _ => $"as many {plan.Counted.Plural} as {plan.Other.Plural}",
    };
}
