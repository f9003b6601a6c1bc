using System.Runtime.InteropServices;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Data.Tests.Support;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tests.Tasks;

public sealed class RetrievalTests
{
    private static readonly RetrievalSource<Cell> Source = new(static _ => FashionWorld.Instance, 16);

    [Fact]
    public void Candidates_AnySample_AreTrueFirstAndFalseThen() => Draws.ForAll(
        random =>
        {
            var sample = Source.Draw(Split.Train, random);
            var scene = Item.Of(sample.Scenes.Single());
            return sample.Label == 0 && sample.Texts.Distinct().Count() == 16
                && sample.Texts.Select(text => Reader.IsTrue(text, scene)).SequenceEqual([true, .. Enumerable.Repeat(false, 15)]);
        },
        times: 300);

    [Fact]
    public void Candidates_AnySample_TenOfFifteenAreOneAttributeAway() => Draws.ForAll(
        random =>
        {
            var texts = Source.Draw(Split.Train, random).Texts;
            return texts.Skip(1).Take(10).All(text => AttributeDistance.IsOne(texts[0], text));
        },
        times: 300);

    [Theory]
    [InlineData(2)]
    [InlineData(32)]
    public void Candidates_AnyNumber_AreSoMany(int candidates) => Draws.ForAll(
        random => new RetrievalSource<Cell>(static _ => FashionWorld.Instance, candidates).Draw(Split.Train, random).Texts.Distinct().Count() == candidates, times: 50);

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    public void Candidates_TooFewOrMany_AreRefused(int candidates)
    {
        var settings = new TaskSettings(Candidates: candidates);
        Assert.Throws<ArgumentOutOfRangeException>(() => TaskTable.Named("fashionvl-retrieval").Open(MadeUpPhotos.Source, settings));
    }

    [Fact]
    public void Gallery_OfAThousand_HasOneTrueCaptionForEachScene()
    {
        var scenes = GalleryScenes.Draw(FashionWorld.Instance, new Core.SeededRandom(3)).Take(1000).ToList();
        Assert.Equal(1000, scenes.Distinct().Count());

        using var gallery = Open().Gallery(Split.Test, 200);
        var texts = TextsOf(gallery);
        Assert.Equal(200, texts.Distinct().Count());
        Assert.Equal((200, 200), (gallery.Images, gallery.Owners.Count));

        // Families of four: each further caption is one attribute from the first, but for its wording.
        Assert.All(scenes.Chunk(4), family => Assert.All(family.Skip(1), scene =>
            Assert.InRange(Item.Of(scene).Zip(Item.Of(family[0])).Count(pair => pair.First != pair.Second), 1, 2)));
    }

    [Fact]
    public void Gallery_Smaller_BeginsTheLarger()
    {
        using var smaller = Open().Gallery(Split.Validation, 5);
        using var larger = Open().Gallery(Split.Validation, 9);
        Assert.Equal(TextsOf(smaller), TextsOf(larger).Take(5));
        using var image = smaller.Image(4);
        using var same = larger.Image(4);
        Assert.Equal([1, 3, 56, 56], image.shape);
        Assert.True(image.bytes.SequenceEqual(same.bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_001)]
    public void Gallery_SizeOutOfRange_IsRefused(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Open().Gallery(Split.Test, size));

    private static IGalleryTask Open() =>
        Assert.IsAssignableFrom<IGalleryTask>(TaskTable.Named("fashionvl-retrieval").Open(MadeUpPhotos.Source, new TaskSettings()));

    private static List<string> TextsOf(Gallery gallery)
    {
        var tokenizer = TokenizerTable.FashionVl;
        var ids = MemoryMarshal.Cast<byte, long>(gallery.Texts.Ids.bytes).ToArray();
        return [.. ids.Chunk((int)gallery.Texts.Ids.shape[1]).Select(text => tokenizer.Decode(text))];
    }
}
