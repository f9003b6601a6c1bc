using DasSearch.Data.Captions;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Scenes;
using DasSearch.Data.Tests.Support;

namespace DasSearch.Data.Tests.Captions;

public sealed class CaptionTests
{
    private static readonly FashionWorld World = FashionWorld.Instance;

    private static readonly Position[] All = [Position.TopLeft, Position.TopRight, Position.BottomLeft, Position.BottomRight];

    [Fact]
    public void TrueCaption_AnySample_IsTrueOfTheSceneShown() => Draws.ForAll(random =>
    {
        var sample = PretrainingSample<Cell>.Draw(World, random);
        return Reader.IsTrue(sample.TrueCaption, Item.Of(sample.Change.Original));
    });

    [Fact]
    public void FalseCaption_AnySample_IsFalseOfTheSceneShown_AndTrueOfItsTwin() => Draws.ForAll(random =>
    {
        var sample = PretrainingSample<Cell>.Draw(World, random);
        return !Reader.IsTrue(sample.FalseCaption, Item.Of(sample.Change.Original))
            && Reader.IsTrue(sample.FalseCaption, Item.Of(sample.Change.Twin));
    });

    [Fact]
    public void FalseCaption_AnySample_DiffersInOneAttribute() => Draws.ForAll(random =>
    {
        var sample = PretrainingSample<Cell>.Draw(World, random);
        return AttributeDistance.IsOne(sample.TrueCaption, sample.FalseCaption);
    });

    [Fact]
    public void FalseCaption_OfAnEasySample_IsFalse_AndUsuallyDiffersInMore()
    {
        var samples = Draws.Of(2000, random => PretrainingSample<Cell>.Draw(World, random, easyShare: 1)).ToList();
        Assert.All(samples, sample =>
        {
            Assert.True(Reader.IsTrue(sample.TrueCaption, Item.Of(sample.Change.Original)));
            Assert.False(Reader.IsTrue(sample.FalseCaption, Item.Of(sample.Change.Original)));
        });
        Assert.InRange(samples.Count(sample => AttributeDistance.IsOne(sample.TrueCaption, sample.FalseCaption)), 0, 700);
    }

    [Fact]
    public void Change_AnyScene_IsOneAttribute() => Draws.ForAll(random =>
    {
        var change = Change<Cell>.Draw(World, random.Next(2) == 0 ? World.Pooled(random) : World.Independent(random), random);
        var differing = All.Where(position => change.Original[position] != change.Twin[position]).ToArray();
        return change.Kind switch
        {
            ChangeKind.Swap => change.Original.Swap(change.First, change.Second) == change.Twin && differing.Length == 2,
            ChangeKind.First => differing.SequenceEqual([change.First])
                && change.Original[change.First].Product == change.Twin[change.First].Product,
            _ => differing.SequenceEqual([change.First])
                && change.Original[change.First].Colour == change.Twin[change.First].Colour,
        };
    });

    [Fact]
    public void Change_OfASceneOfEqualCells_IsNoSwap() => Draws.ForAll(random =>
    {
        var cell = Cell.Draw(random);
        return Change<Cell>.Draw(World, new Scene<Cell>(cell, cell, cell, cell), random).Kind != ChangeKind.Swap;
    });

    [Fact]
    public void Holds_AnyPlanAndScenes_AgreesWithTheWords() => Draws.ForAll(random =>
    {
        var change = Change<Cell>.Draw(World, World.Pooled(random), random);
        var plan = CaptionPlanner.Draw(World, change, random);

        // Scenes of few kinds, so that captions of one are often true of another.
        var other = World.WithCount(new ItemFilter(change.Original.TopLeft.Product, change.Original.TopLeft.Colour), 3, random);
        var (described, shown) = random.Next(2) == 0 ? (change.Original, other) : (other, change.Original);
        return plan.Holds(described, shown) == Reader.IsTrue(CaptionText.Write(plan, described), Item.Of(shown));
    });

    [Fact]
    public void Samples_Many_HaveEveryFormWordingAndChange()
    {
        var samples = Draws.Of(5000, random => PretrainingSample<Cell>.Draw(World, random)).ToList();

        Assert.Equal(20, samples.Select(sample => (sample.Plan.Form, sample.Plan.Wording)).Distinct().Count());
        Assert.All(samples.CountBy(sample => sample.Plan.Form), form => Assert.InRange(form.Value, 60, 2300));
        Assert.All(samples.CountBy(sample => sample.Change.Kind), kind => Assert.InRange(kind.Value, 1300, 2000));
    }

    [Fact]
    public void FalseCaptions_ByTheirWordsAlone_AreDistributedAsTrueOnes()
    {
        // How often each word occurs in either; equal but for chance, as the construction makes them.
        var samples = Draws.Of(20_000, random => PretrainingSample<Cell>.Draw(World, random)).ToList();
        var truths = Frequencies(samples.Select(sample => sample.TrueCaption));
        var falsehoods = Frequencies(samples.Select(sample => sample.FalseCaption));

        Assert.Equal(truths.Keys.Order(), falsehoods.Keys.Order());
        Assert.All(truths, word =>
            Assert.InRange(Math.Abs(falsehoods[word.Key] - word.Value), 0, 5 * Math.Sqrt(2.0 * word.Value)));

        // Likewise how many different items a caption names, which betrays a change that leaves the scene's few kinds.
        Assert.Equal(0, samples.Average(sample => Kinds(sample.Change.Original) - Kinds(sample.Change.Twin)), 0.03);
    }

    private static int Kinds(Scene<Cell> scene) => All.Select(position => scene[position]).Distinct().Count();

    private static Dictionary<string, int> Frequencies(IEnumerable<string> texts) =>
        texts.SelectMany(text => text.Split(' ')).CountBy(word => word.TrimEnd('.', ',')).ToDictionary();
}
