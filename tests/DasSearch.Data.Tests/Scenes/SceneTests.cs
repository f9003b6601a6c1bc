using DasSearch.Core;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Scenes;
using DasSearch.Data.Tests.Support;

namespace DasSearch.Data.Tests.Scenes;

public sealed class SceneTests
{
    private static readonly FashionWorld World = FashionWorld.Instance;
    private static readonly FashionRenderer Renderer = new(MadeUpPhotos.All, FashionRenderer.Natural);

    [Fact]
    public void WithCount_AnyFilter_MatchesExactlySoOften() => Draws.ForAll(random =>
    {
        var filter = AnyFilter(random);
        var count = random.Next(5);
        return filter.Count(World.WithCount(filter, count, random)) == count;
    });

    [Fact]
    public void WithCounts_TwoProductsOrColours_MatchesEachSoOften() => Draws.ForAll(random =>
    {
        var (product, colour) = (Products.Draw(random), Colours.Draw(random));
        var (one, other) = random.Next(2) == 0
            ? (new ItemFilter(product, null), new ItemFilter(product.Other(random), null))
            : (new ItemFilter(null, colour), new ItemFilter(null, colour.Other(random)));
        var ones = random.Next(5);
        var others = random.Next(5 - ones);
        var scene = World.WithCounts(one, ones, other, others, random);
        return (one.Count(scene), other.Count(scene)) == (ones, others);
    });

    [Fact]
    public void Independent_Many_ShowsEachCellEquallyOften()
    {
        // The 99.9th percentile of chi-square with 49 degrees of freedom; the seeds are fixed.
        const double Limit = 85.35;
        const int Scenes = 10_000;
        const double Expected = (double)Scenes / Cell.Kinds;

        var scenes = Draws.Of(Scenes, World.Independent).ToList();
        for (var position = Position.TopLeft; position <= Position.BottomRight; position++)
        {
            var counts = scenes.CountBy(scene => scene[position]).Select(entry => entry.Value).ToList();
            Assert.Equal(Cell.Kinds, counts.Count);
            Assert.InRange(counts.Sum(count => (count - Expected) * (count - Expected) / Expected), 0, Limit);
        }
    }

    [Fact]
    public void Pooled_Many_RepeatItems()
    {
        var scenes = Draws.Of(2000, World.Pooled).ToList();
        for (var count = 1; count <= 4; count++)
        {
            Assert.InRange(scenes.Count(scene => new ItemFilter(scene.TopLeft.Product, null).Count(scene) == count), 200, 1400);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Render_AKnownScene_TintsAndPlacesItsPhotos(int place)
    {
        var position = (Position)place;
        var scene = default(Scene<Cell>).With(position, new Cell(Product.Bag, Colour.Yellow));
        var set = MadeUpPhotos.All.Of(Split.Validation);
        var image = new float[3 * 56 * 56];
        Renderer.Render(scene, Split.Validation, new SeededRandom(5), image);

        // The same draws again, to know the photos.
        var random = new SeededRandom(5);
        for (var i = 0; i < Positions.Count; i++)
        {
            var cell = scene[(Position)i];
            var level = MadeUpPhotos.Level(set.Pick(cell.Product, random)) / 255f;
            foreach (var (y, x) in new[] { (0, 0), (0, 27), (27, 0), (27, 27), (13, 5) })
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    var pixel = image[(channel * 56 * 56) + (((28 * (i / 2)) + y) * 56) + (28 * (i % 2)) + x];
                    Assert.Equal(((level * cell.Colour.Light()[channel]) - 0.15f) / 0.25f, pixel, 1e-5f);
                }
            }
        }
    }

    [Fact]
    public void Render_AnyScene_StaysInRangeAndOverwritesAll() => Draws.ForAll(
        random =>
        {
            var image = Enumerable.Repeat(float.NaN, 3 * 56 * 56).ToArray();
            Renderer.Render(World.Independent(random), Split.Test, random, image);
            return image.All(value => value is >= -0.6001f and <= 3.4001f);
        },
        times: 50);

    [Fact]
    public void Light_AnyTwoColours_AreFarApart()
    {
        for (var one = 0; one < Colours.Count; one++)
        {
            for (var other = 0; other < one; other++)
            {
                var (a, b) = (((Colour)one).Light().ToArray(), ((Colour)other).Light().ToArray());
                Assert.InRange(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum(), 0.25, 3);
            }
        }
    }

    [Fact]
    public void Index_NoPosition_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => default(Scene<Cell>)[(Position)4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => default(Scene<Cell>).With((Position)4, default));
    }

    private static ItemFilter AnyFilter(Random random) => random.Next(3) switch
    {
        0 => new ItemFilter(Products.Draw(random), null),
        1 => new ItemFilter(null, Colours.Draw(random)),
        _ => new ItemFilter(Products.Draw(random), Colours.Draw(random)),
    };
}
