using DasSearch.Data.FashionVl;

namespace DasSearch.Data.FashionMnist;

/// <summary>Fashion-MNIST in memory, cut into splits. Immutable, so threads may share it.</summary>
/// <remarks>
/// The 70,000 photos are pairwise different, byte for byte, so disjoint indices mean disjoint photos. The training file
/// is in random order as published; its last tenth is set aside for validation, whatever the seed.
/// </remarks>
public sealed class FashionPhotos
{
    // Fourteen times what Fashion-MNIST has: room for larger sets in its format, 785 MB at most.
    private const int MostPhotos = 1_000_000;
    private const int OneInValidation = 10;

    private readonly PhotoSet[] _sets;

    internal FashionPhotos(PhotoSet train, PhotoSet validation, PhotoSet test) => _sets = [train, validation, test];

    /// <summary>Reads the four files of a folder: under a second.</summary>
    /// <param name="folder">Where they lie, packed with gzip or not; see <see cref="FashionMnistFolder.Resolve"/>.</param>
    /// <exception cref="DatasetException">A file is missing, unreadable, truncated, corrupt or of another shape.</exception>
    public static FashionPhotos Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var (pixels, labels) = Read(folder, "train");
        var (testPixels, testLabels) = Read(folder, "t10k");
        var kept = labels.Length - (labels.Length / OneInValidation);
        return new FashionPhotos(
            new PhotoSet(pixels, labels, ..kept, $"The training part of {folder}"),
            new PhotoSet(pixels, labels, kept.., $"The validation part of {folder}"),
            new PhotoSet(testPixels, testLabels, .., $"The test file in {folder}"));
    }

    /// <summary>The photos of a split.</summary>
    internal PhotoSet Of(Split split) => _sets[(int)split];

    private static (byte[] Pixels, byte[] Labels) Read(string folder, string name)
    {
        var imageFile = FashionMnistFolder.Find(folder, $"{name}-images-idx3-ubyte");
        var labelFile = FashionMnistFolder.Find(folder, $"{name}-labels-idx1-ubyte");
        var pixels = IdxFile.Read(imageFile, [PhotoSet.Side, PhotoSet.Side], MostPhotos);
        var labels = IdxFile.Read(labelFile, [], MostPhotos);

        var photos = pixels.Length / (PhotoSet.Side * PhotoSet.Side);
        if (labels.Length != photos)
        {
            throw new DatasetException(
                $"{labelFile} has {labels.Length} labels, but {imageFile} has {photos} photos; {FashionMnistFolder.Remedy}.");
        }

        var stray = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(Products.Count - 1));
        return stray < 0
            ? (pixels, labels)
            : throw new DatasetException(
                $"{labelFile} is corrupt: label {stray} is {labels[stray]}, expected 0 to {Products.Count - 1}; "
                + $"{FashionMnistFolder.Remedy}.");
    }
}

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
