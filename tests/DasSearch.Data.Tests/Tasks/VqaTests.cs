using DasSearch.Data.FashionVl;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using Xunit.Abstractions;

namespace DasSearch.Data.Tests.Tasks;

public sealed class VqaTests(ITestOutputHelper output)
{
    private static readonly VqaSource Source = new();

    [Fact]
    public void Label_AnySample_IsTheAnswerToItsWords() => Draws.ForAll(random =>
    {
        var sample = Source.Draw(Split.Train, random);
        return Reader.Answer(sample.Texts.Single(), Item.Of(sample.Scenes.Single())) == Source.Facts.Answers[sample.Label];
    });

    [Fact]
    public void Answers_OfEachFamily_AreBalanced()
    {
        var samples = Draws.Of(20_000, random =>
        {
            var question = Question.Draw(random);
            return (question.Family, Answer: Answers.Of(question, VqaSource.SceneOf(question, random)));
        }).ToList();

        Assert.Equal(7, samples.Select(sample => sample.Family).Distinct().Count());
        foreach (var family in samples.GroupBy(sample => sample.Family))
        {
            var answers = family.CountBy(sample => sample.Answer).ToList();
            Assert.Equal(NumberOfAnswers(family.Key), answers.Count);
            var even = (double)family.Count() / answers.Count;
            Assert.All(answers, answer => Assert.InRange(answer.Value, even - (5 * Math.Sqrt(even)), even + (5 * Math.Sqrt(even))));
        }
    }

    [Fact]
    public void ColouredExistence_Denied_OftenShowsOneOfTheTwo()
    {
        var denied = Draws.Of(20_000, random => Source.Draw(Split.Train, random))
            .Where(sample => sample.Label == Answers.Of(false) && sample.Texts[0].Split(' ') is ["is", "there", "a", _, _])
            .ToList();

        Assert.NotEmpty(denied);
        Assert.InRange(denied.Count(SharesColourOrProduct), 0.8 * denied.Count, denied.Count);
    }

    [Fact]
    public void TextOnlyBaseline_OfTheBenchmark_StaysBelowFortyPercent()
    {
        var task = TaskTable.Named("fashionvl-vqa").Open(MadeUpPhotos.Source, new TaskSettings());
        var accuracy = TextOnlyBaseline.Accuracy(task, Split.Test);

        output.WriteLine($"question only: {accuracy:P2}");
        Assert.InRange(accuracy, 0.25, 0.40);
    }

    private static bool SharesColourOrProduct(SampleDraft<Cell> sample)
    {
        var asked = Item.Parse(sample.Texts[0]["is there ".Length..^1]);
        return Item.Of(sample.Scenes[0]).Any(item => item.Colour == asked.Colour || item.Product == asked.Product);
    }

    private static int NumberOfAnswers(QuestionFamily family) => family switch
    {
        QuestionFamily.ProductCount or QuestionFamily.ColourCount => 5,
        QuestionFamily.ColourAt => Colours.Count,
        QuestionFamily.ProductAt => Products.Count,
        _ => 2,
    };
}
