using DasSearch.Data.FashionMnist;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Tests.Support;

/// <summary>Photos for tests that need none in particular; every pixel tells which photo it is of.</summary>
internal static class MadeUpPhotos
{
    public static FashionPhotos All { get; } = new(Make(400, ..), Make(440, 400..), Make(100, ..));

    public static DataSources Source { get; } = SourceOf(All);

    public static DataSources SourceOf(FashionPhotos photos) => new(RealEmoji.Variable) { Photos = photos };

    public static byte Level(int photo) => (byte)(1 + (photo % 255));

    private static PhotoSet Make(int count, Range range)
    {
        var labels = Enumerable.Range(0, count).Select(photo => (byte)(photo % Products.Count)).ToArray();
        var pixels = Enumerable.Range(0, count)
            .SelectMany(photo => Enumerable.Repeat(Level(photo), PhotoSet.Side * PhotoSet.Side))
            .ToArray();
        return new PhotoSet(pixels, labels, range, "The made-up set");
    }
}
