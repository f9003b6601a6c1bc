using DasSearch.Data.Captions;
using DasSearch.Data.Scenes;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks.Retrieval;

/// <summary>A scene with its caption and false ones; after retrieval on Flickr30K (Young et al., TACL 2014).</summary>
/// <remarks>
/// Two thirds of the false captions differ from the true one in one attribute, the others describe scenes at random.
/// Scenes are independent draws, so that a changed caption is as likely as a true one and its text betrays nothing.
/// </remarks>
internal sealed class RetrievalSource : ISampleSource
{
    public const string Name = "retrieval";
    private const int MostCandidates = 32;

    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 or more than 32 candidates.</exception>
    public RetrievalSource(int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidates, MostCandidates);
        Facts = new TaskFacts(
            Name, TaskKind.Ranking, [], Images: 1, candidates, Vocabulary.FashionVl.Count, CaptionText.MostTokens, SceneRenderer.Side, [20_000, 4_000, 4_000]);
    }

    public TaskFacts Facts { get; }

    public SampleDraft Draw(Random random)
    {
        var plan = DrawPlan(random);
        var scenes = new List<Scene>(Facts.Texts) { SceneSampler.Independent(random) };
        var near = 1 + (((2 * (Facts.Texts - 1)) + 2) / 3);
        while (scenes.Count < Facts.Texts)
        {
            var scene = scenes.Count < near ? Change.Draw(scenes[0], random).Twin : SceneSampler.Independent(random);
            if (!scenes.Contains(scene))
            {
                scenes.Add(scene);
            }
        }

        return new SampleDraft(scenes[..1], [.. scenes.Select(scene => CaptionText.Write(plan, scene))], Label: 0);
    }

    /// <summary>A plan that describes all of a scene, so that its caption is true of no other.</summary>
    public static CaptionPlan DrawPlan(Random random) =>
        new(random.Next(2) == 0 ? CaptionForm.Grid : CaptionForm.Rows, random.Next(2));
}
