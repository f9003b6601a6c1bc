using DasSearch.Data.Scenes;

namespace DasSearch.Data.Captions;

/// <summary>All of a caption but what is in the cells: the same plan for two scenes gives two comparable captions.</summary>
/// <param name="Form">What is said.</param>
/// <param name="Wording">Which of the form's two wordings, 0 or 1.</param>
/// <param name="First">
/// The first cell spoken of; the left one of <see cref="CaptionForm.Beside"/>, the upper one of <see cref="CaptionForm.Above"/>.
/// </param>
/// <param name="Second">The second cell spoken of, never the first.</param>
/// <param name="Counted">What <see cref="CaptionForm.Count"/> counts, and what the forms after it speak of.</param>
/// <param name="Other">What <see cref="CaptionForm.Comparison"/> compares with.</param>
internal readonly record struct CaptionPlan(
    CaptionForm Form,
    int Wording,
    Position First = Position.TopLeft,
    Position Second = Position.TopRight,
    ItemFilter Counted = default,
    ItemFilter Other = default)
{
    /// <summary>How the two counts of a scene compare: 1 where there are more of the first, −1 where there are fewer.</summary>
    public int Compare(Scene scene) => Math.Sign(Counted.Count(scene) - Other.Count(scene));

    /// <summary>Whether what the plan says of one scene is also true of another.</summary>
    /// <param name="described">The scene that the caption was written for.</param>
    /// <param name="shown">The scene that is looked at.</param>
    public bool Holds(Scene described, Scene shown)
    {
        var (one, other) = (described[First], described[Second]);
        return Form switch
        {
            CaptionForm.Grid or CaptionForm.Rows => shown == described,
            CaptionForm.Place => shown[First] == one,
            CaptionForm.Places => shown[First] == one && shown[Second] == other,
            CaptionForm.Beside =>
                (shown.TopLeft == one && shown.TopRight == other) || (shown.BottomLeft == one && shown.BottomRight == other),
            CaptionForm.Above =>
                (shown.TopLeft == one && shown.BottomLeft == other) || (shown.TopRight == one && shown.BottomRight == other),
            CaptionForm.Listing => Shows(shown, one) && Shows(shown, other),
            CaptionForm.Count => Counted.Count(shown) == Counted.Count(described),
            CaptionForm.Presence => Counted.Count(shown) > 0 == Counted.Count(described) > 0,
            CaptionForm.Comparison => Compare(shown) == Compare(described),
            _ => throw new InvalidOperationException($"No caption has the form {Form}."),
        };
    }

    private static bool Shows(Scene scene, Cell cell) =>
        scene.TopLeft == cell || scene.TopRight == cell || scene.BottomLeft == cell || scene.BottomRight == cell;
}
