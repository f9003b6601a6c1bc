using DasSearch.Data.Scenes;
using DasSearch.Data.Text;
using static DasSearch.Data.Scenes.Position;

namespace DasSearch.Data.Captions;

/// <summary>Writes captions: small-grammar English, in lower case, every word of it in the vocabulary.</summary>
internal static class CaptionText
{
    /// <summary>The most tokens of a caption, with the two that frame it.</summary>
    public const int MostTokens = 26;

    /// <summary>What a plan says of a scene; true of it by construction.</summary>
    public static string Write(CaptionPlan plan, Scene scene)
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
            (CaptionForm.Presence, 0) => $"there is {Some(plan, scene)} {plan.Counted.Singular}.",
            (CaptionForm.Presence, _) => $"one can see {Some(plan, scene)} {plan.Counted.Singular}.",
            (CaptionForm.Comparison, 0) => $"there are {Compared(plan, scene)}.",
            (CaptionForm.Comparison, _) => $"one can see {Compared(plan, scene)}.",
            _ => throw new ArgumentOutOfRangeException(nameof(plan), plan, "No caption is planned like that."),
        };
    }

    private static string Some(CaptionPlan plan, Scene scene) => plan.Counted.Count(scene) > 0 ? "a" : "no";

    private static string Compared(CaptionPlan plan, Scene scene) => plan.Compare(scene) switch
    {
        > 0 => $"more {plan.Counted.Plural} than {plan.Other.Plural}",
        < 0 => $"fewer {plan.Counted.Plural} than {plan.Other.Plural}",
        _ => $"as many {plan.Counted.Plural} as {plan.Other.Plural}",
    };
}
