using DasSearch.Data.Scenes;

namespace DasSearch.Data.Tasks.Vqa;

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
