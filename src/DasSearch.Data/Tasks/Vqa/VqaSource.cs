using DasSearch.Data.Scenes;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks.Vqa;

/// <summary>Questions about a scene, answered out of a closed list; after VQAv2 (Goyal et al., arXiv:1612.00837).</summary>
internal sealed class VqaSource : ISampleSource
{
    public const string Name = "vqa";

    public TaskFacts Facts { get; } = new(
        Name, TaskKind.Answering, Answers.All, Images: 1, Texts: 1, Vocabulary.FashionVl.Count, Question.MostTokens, SceneRenderer.Side, [20_000, 4_000, 4_000]);

    public SampleDraft Draw(Random random)
    {
        var question = Question.Draw(random);
        var scene = QuestionScenes.Draw(question, random);
        return new SampleDraft([scene], [question.Text], Answers.Of(question, scene));
    }
}
