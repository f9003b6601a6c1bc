using DasSearch.Data.FashionVl;
using DasSearch.Data.Scenes;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Nlvr2;
using DasSearch.Data.Tests.Support;
using Xunit.Abstractions;

namespace DasSearch.Data.Tests.Tasks;

public sealed class Nlvr2Tests(ITestOutputHelper output)
{
    private static readonly Nlvr2Source<Cell> Source = new(static _ => FashionWorld.Instance);

    private static readonly string[] FrameWords =
        "both only neither there total together left right same colour kind each exactly no more".Split(' ');

    [Fact]
    public void Label_AnySample_IsTheTruthOfItsWords() => Draws.ForAll(random =>
    {
        var sample = Source.Draw(Split.Train, random);
        return Reader.IsTrue(sample.Texts.Single(), Item.Of(sample.Scenes[0]), Item.Of(sample.Scenes[1])) == (sample.Label == 1);
    });

    [Fact]
    public void TrueOf_AnyStatement_IsTrue_AndFalsifiedDiffersInOneAttribute() => Draws.ForAll(random =>
    {
        var statement = Statement<Cell>.Draw(FashionWorld.Instance, random);
        var pair = ScenePair<Cell>.TrueOf(FashionWorld.Instance, statement, random);
        return statement.Holds(pair.Left, pair.Right)
            && (pair.Falsified(FashionWorld.Instance, statement, random) is not { } other
                || (!statement.Holds(other.Left, other.Right) && Differences(pair, other) == 1));
    });

    [Fact]
    public void Labels_OfEachKind_AreBalanced()
    {
        var samples = Draws.Of(16_000, random => Source.Draw(Split.Train, random)).ToList();
        foreach (var kind in samples.GroupBy(sample => Frame(sample.Texts[0])))
        {
            var truths = kind.Count(sample => sample.Label == 1);
            Assert.InRange(truths - (kind.Count() / 2.0), -2.5 * Math.Sqrt(kind.Count()), 2.5 * Math.Sqrt(kind.Count()));
        }
    }

    [Fact]
    public void TextOnlyBaseline_OfTheBenchmark_IsChance()
    {
        var task = TaskTable.Named("fashionvl-nlvr2").Open(MadeUpPhotos.Source, new TaskSettings());
        var accuracy = TextOnlyBaseline.Accuracy(task, Split.Test);

        output.WriteLine($"statement only: {accuracy:P2}");
        Assert.InRange(accuracy, 0.46, 0.54);
    }

    // The statement without what it is about.
    private static string Frame(string text) =>
        string.Join(' ', text.TrimEnd('.').Split(' ').Where(FrameWords.Contains));

    private static int Differences(ScenePair<Cell> one, ScenePair<Cell> other) =>
        Differences(one.Left, other.Left) + Differences(one.Right, other.Right);

    private static int Differences(Scene<Cell> one, Scene<Cell> other)
    {
        var (ones, others) = (Item.Of(one), Item.Of(other));
        return Enumerable.Range(0, 4).Sum(i =>
            (ones[i].Colour == others[i].Colour ? 0 : 1) + (ones[i].Product == others[i].Product ? 0 : 1));
    }
}
