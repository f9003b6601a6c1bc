using DasSearch.Core;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Tests.Support;

namespace DasSearch.Data.Tests.FashionMnist;

public sealed class FashionPhotosTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das photos ");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_PackedAndPlainFiles_CutsThemIntoSplits()
    {
        Write("train", 200, packed: true);
        Write("t10k", 20, packed: false);

        var photos = FashionPhotos.Load(_folder.FullName);

        Assert.Equal((0, 180), (photos.Of(Split.Train).First, photos.Of(Split.Train).Count));
        Assert.Equal((180, 20), (photos.Of(Split.Validation).First, photos.Of(Split.Validation).Count));
        Assert.Equal((0, 20), (photos.Of(Split.Test).First, photos.Of(Split.Test).Count));
        Assert.Equal([3, 13], photos.Of(Split.Test).Of(Product.Dress).ToArray());
        Assert.All(photos.Of(Split.Test).Pixels(13).ToArray(), level => Assert.Equal(13, level));
    }

    [Fact]
    public void Load_NoFolder_NamesItAndTheRemedy()
    {
        var error = Assert.Throws<DatasetException>(() => FashionPhotos.Load(Path.Combine(_folder.FullName, "none")));
        Assert.Contains("train-images-idx3-ubyte (.gz or unpacked) was expected in", error.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("FASHION_MNIST", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OneFileMissing_NamesIt()
    {
        Write("train", 200, packed: true);
        var error = Assert.Throws<DatasetException>(() => FashionPhotos.Load(_folder.FullName));
        Assert.Contains("t10k-images-idx3-ubyte", error.Message, StringComparison.Ordinal);
        Assert.Contains("has no such file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AFileForAFolder_SaysSo()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");
        var error = Assert.Throws<DatasetException>(() => FashionPhotos.Load(file));
        Assert.Contains("is a file, not a folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(19, 9, "19 labels, but")]
    [InlineData(20, 10, "label 7 is 10, expected 0 to 9")]
    [InlineData(20, 255, "label 7 is 255")]
    [InlineData(20, 0, "shows no sneaker")]
    public void Load_LabelsThatDoNotFit_AreRefused(int count, byte seventh, string part)
    {
        Write("train", 200, packed: true);
        Write("t10k", 20, packed: false);
        var labels = Enumerable.Range(0, count).Select(photo => photo % 10 == 7 ? seventh : (byte)(photo % 10)).ToArray();
        File.WriteAllBytes(Path.Combine(_folder.FullName, "t10k-labels-idx1-ubyte"), IdxFileTests.Idx([count], labels));

        var error = Assert.Throws<DatasetException>(() => FashionPhotos.Load(_folder.FullName));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, FashionMnistFolder.Default)]
    [InlineData("", FashionMnistFolder.Default)]
    [InlineData("elsewhere", "elsewhere")]
    public void Resolve_ByTheEnvironment_GivesTheFolder(string? value, string folder) =>
        Assert.Equal(folder, FashionMnistFolder.Resolve(name => name == "FASHION_MNIST" ? value : null));

    [Fact]
    public void Load_TheRealPhotos_HasSeventyThousand_PairwiseDifferent()
    {
        var photos = FashionPhotos.Load(FashionMnistFolder.Resolve(Environment.GetEnvironmentVariable));
        var sets = new[] { Split.Train, Split.Validation, Split.Test }.Select(photos.Of).ToList();

        Assert.Equal([54_000, 6_000, 10_000], sets.Select(set => set.Count));
        var hashes = sets.SelectMany(set => Enumerable.Range(set.First, set.Count).Select(photo => Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(set.Pixels(photo)))));
        Assert.Equal(70_000, hashes.Distinct().Count());
    }

    [Fact]
    public void Of_AnyTwoSplits_ShareNoPhoto()
    {
        // Train and validation are parts of one file; the test set is another file.
        var (train, validation) = (MadeUpPhotos.All.Of(Split.Train), MadeUpPhotos.All.Of(Split.Validation));
        Assert.Empty(PhotosOf(train).Intersect(PhotosOf(validation)));
        Assert.Equal(train.Count, PhotosOf(train).Distinct().Count());
    }

    [Fact]
    public void Pick_Often_GivesEveryPhotoOfTheProduct_AndNoOther()
    {
        var set = MadeUpPhotos.All.Of(Split.Validation);
        var random = new SeededRandom(1);
        var picked = Enumerable.Range(0, 200).Select(_ => set.Pick(Product.Bag, random)).Distinct().Order();
        Assert.Equal([408, 418, 428, 438], picked);
    }

    private static IEnumerable<int> PhotosOf(PhotoSet set) =>
        Enumerable.Range(0, Products.Count).SelectMany(product => set.Of((Product)product).ToArray());

    private void Write(string name, int count, bool packed)
    {
        var pixels = Enumerable.Range(0, count).SelectMany(photo => Enumerable.Repeat((byte)photo, 28 * 28)).ToArray();
        var labels = Enumerable.Range(0, count).Select(photo => (byte)(photo % 10)).ToArray();
        Write($"{name}-images-idx3-ubyte", IdxFileTests.Idx([count, 28, 28], pixels), packed);
        Write($"{name}-labels-idx1-ubyte", IdxFileTests.Idx([count], labels), packed);
    }

    private void Write(string name, byte[] content, bool packed) =>
        File.WriteAllBytes(Path.Combine(_folder.FullName, packed ? name + ".gz" : name), packed ? IdxFileTests.Pack(content) : content);
}
