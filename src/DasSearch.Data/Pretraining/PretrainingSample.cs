using DasSearch.Data.Captions;
using DasSearch.Data.Scenes;

namespace DasSearch.Data.Pretraining;

/// <summary>A scene with a caption that is true of it and one that is false by one attribute.</summary>
/// <remarks>
/// The two captions describe two scenes that differ in that attribute, and a coin decides which of them is shown: true
/// and false captions are equally distributed, so that neither text nor image alone tells them apart.
/// </remarks>
/// <param name="Change">The scene shown, its twin, and what differs.</param>
/// <param name="Plan">What is said about both.</param>
internal sealed record PretrainingSample(Change Change, CaptionPlan Plan)
{
    public string TrueCaption => CaptionText.Write(Plan, Change.Original);

    public string FalseCaption => CaptionText.Write(Plan, Change.Twin);

    /// <summary>Draws a sample.</summary>
    /// <param name="random">The stream.</param>
    /// <param name="easyShare">
    /// The probability that the false caption tells of an unrelated scene and not of one that differs in one attribute: it
    /// gives a model that knows nothing yet something to learn from.
    /// </param>
    /// <param name="isPlain">Whether the caption names every cell by its position, as a first step.</param>
    public static PretrainingSample Draw(Random random, double easyShare = 0, bool isPlain = false)
    {
        var change = Change.Draw(SceneSampler.Pooled(random), random);
        var plan = isPlain ? CaptionPlanner.OfGrid(random) : CaptionPlanner.Draw(change, random);
        if (easyShare > 0 && random.NextDouble() < easyShare)
        {
            var unrelated = change with { Twin = SceneSampler.Pooled(random) };
            change = CaptionPlanner.TellsApart(plan, unrelated) ? unrelated : change;
        }

        return new PretrainingSample(random.Next(2) == 0 ? change : change.Reverse(), plan);
    }
}
