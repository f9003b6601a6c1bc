using DasSearch.Data.Scenes;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Vqa;

namespace DasSearch.Data.FashionVl;

/// <summary>Questions about a scene, answered out of a closed list; after VQAv2 (Goyal et al., arXiv:1612.00837).</summary>
internal sealed class VqaSource : ISampleSource<Cell>
{
    public SourceFacts Facts { get; } = new("vqa", TaskKind.Answering, Answers.All);

    public IEnumerable<string> Longest(LongestNames<Cell> names) => Question.Longest(names);

    public SampleDraft<Cell> Draw(Split split, Random random)
    {
        var question = Question.Draw(random);
        var scene = SceneOf(question, random);
        return new SampleDraft<Cell>([scene], [question.Text], Answers.Of(question, scene));
    }

    /// <summary>Draws the scene that a question is about, every answer to the question being equally likely.</summary>
    public static Scene<Cell> SceneOf(Question question, Random random) => question.Family switch
    {
        QuestionFamily.Existence or QuestionFamily.ColouredExistence => FashionWorld.Instance.Existing(question.Filter, random),
        QuestionFamily.ProductCount or QuestionFamily.ColourCount => FashionWorld.Instance.Counted(question.Filter, random),
        QuestionFamily.ColourAt or QuestionFamily.ProductAt => FashionWorld.Instance.Pooled(random),
        _ => FashionWorld.Instance.Compared(question.Filter, question.Relation, question.Other, random),
    };
}
