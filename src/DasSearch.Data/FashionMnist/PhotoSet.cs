using DasSearch.Data.Scenes;

namespace DasSearch.Data.FashionMnist;

/// <summary>The photos of one split, found by what they show. Immutable.</summary>
internal sealed class PhotoSet
{
    /// <summary>Height and width of a photo, in pixels.</summary>
    public const int Side = 28;

    private readonly byte[] _pixels;
    private readonly int[][] _ofProduct;

    /// <param name="pixels">Every photo of the file, [photos, 28, 28], 0 = black.</param>
    /// <param name="labels">What each photo of the file shows, [photos].</param>
    /// <param name="photos">Those that belong to the set.</param>
    /// <param name="name">What a message calls the set.</param>
    /// <exception cref="DatasetException">A product has no photo in the set.</exception>
    public PhotoSet(byte[] pixels, byte[] labels, Range photos, string name)
    {
        _pixels = pixels;
        (First, Count) = photos.GetOffsetAndLength(labels.Length);
        _ofProduct = new int[Products.Count][];
        for (var product = 0; product < Products.Count; product++)
        {
            _ofProduct[product] = [.. Enumerable.Range(First, Count).Where(photo => labels[photo] == product)];
            if (_ofProduct[product].Length == 0)
            {
                throw new DatasetException($"{name} shows no {((Product)product).Word()}; {FashionMnistFolder.Remedy}.");
            }
        }
    }

    /// <summary>The set's first photo, counted within its file.</summary>
    public int First { get; }

    /// <summary>How many photos the set has; they follow <see cref="First"/> in the file.</summary>
    public int Count { get; }

    /// <summary>The photos that show a product, counted within the file.</summary>
    public ReadOnlySpan<int> Of(Product product) => _ofProduct[(int)product];

    /// <summary>Draws a photo of a product, all of them being equally likely.</summary>
    public int Pick(Product product, Random random) => _ofProduct[(int)product][random.Next(_ofProduct[(int)product].Length)];

    /// <summary>A photo's pixels, [28, 28].</summary>
    public ReadOnlySpan<byte> Pixels(int photo) => _pixels.AsSpan(photo * Side * Side, Side * Side);
}
