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

/// <summary>Draws the scene that a question is about, every answer to the question being equally likely.</summary>
internal static class QuestionScenes
{
    // Of the scenes that show what is asked for, so many in ten show it once, twice and three times.
    private const int Once = 6;
    private const int Twice = 9;

    public static Scene Draw(Question question, Random random) => question.Family switch
    {
        QuestionFamily.Existence or QuestionFamily.ColouredExistence =>
            SceneSampler.WithCount(question.Filter, random.Next(2) == 0 ? 0 : Some(random), random),
        QuestionFamily.ProductCount or QuestionFamily.ColourCount =>
            SceneSampler.WithCount(question.Filter, random.Next(Positions.Count + 1), random),
        QuestionFamily.ColourAt or QuestionFamily.ProductAt => SceneSampler.Pooled(random),
        _ => Compared(question, random.Next(2) == 0, random),
    };

    private static int Some(Random random) => random.Next(10) switch
    {
        < Once => 1,
        < Twice => 2,
        _ => 3,
    };

    private static Scene Compared(Question question, bool isTrue, Random random)
    {
        int one, other;
        do
        {
            one = random.Next(Positions.Count + 1);
            other = random.Next(Positions.Count + 1 - one);
        }
        while (one + other == 0 || question.Relation.Holds(one, other) != isTrue);

        return SceneSampler.WithCounts(question.Filter, one, question.Other, other, random);
    }
}
