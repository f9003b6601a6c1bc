using System.Buffers.Binary;
using System.IO.Compression;
using DasSearch.Data.FashionMnist;
using DasSearch.Fuzzing;
using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Data.Tests.FashionMnist;

public sealed class IdxFileTests : IDisposable
{
    private const int Most = 1000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das idx ");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_AFile_GivesItsElements(bool packed)
    {
        var values = Enumerable.Range(0, 3 * 4 * 2).Select(i => (byte)i).ToArray();
        Assert.Equal(values, Read(Idx([3, 4, 2], values), packed, [4, 2]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_TruncatedAnywhere_IsRefused(bool packed)
    {
        var whole = packed ? Pack(Idx([5, 3], new byte[15])) : Idx([5, 3], new byte[15]);
        for (var length = 0; length < whole.Length; length++)
        {
            var error = Assert.Throws<DatasetException>(() => ReadRaw(whole[..length], [3]));
            Assert.Contains("file.idx", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, "more in it than the 4 bytes")]
    [InlineData(true, "should end in the length 16, but ends in 17")]
    public void Read_MoreThanPromised_IsRefused(bool packed, string part)
    {
        var error = Assert.Throws<DatasetException>(() => Read([.. Idx([2, 2], new byte[4]), 0], packed, [2]));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0, 2 }, "promises 0 elements, expected 1 to 1000")]
    [InlineData(new[] { -1, 2 }, "promises -1 elements")]
    [InlineData(new[] { int.MaxValue, 2 }, "promises 2147483647 elements")]
    [InlineData(new[] { 1001, 2 }, "promises 1001 elements")]
    [InlineData(new[] { 1, 3 }, "dimension 2 in its header is 3, expected 2")]
    [InlineData(new[] { 1 }, "begins with 00000801")]
    [InlineData(new[] { 1, 2, 2 }, "begins with 00000803")]
    public void Read_HostileHeader_IsRefusedByItsNumbers(int[] sizes, string part)
    {
        var error = Assert.Throws<DatasetException>(() => Read(Idx(sizes, new byte[8]), packed: false, [2]));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderPromisingWhatTheFileCannotHold_AsksForNoMemory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DatasetException>(() => Read(Idx([1000, 1_000_000], []), packed: true, [1_000_000]));

        Assert.Contains("more than", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Read_GzipBomb_IsNotUnpacked()
    {
        var bomb = Pack([.. Idx([1, 2], new byte[2]), .. new byte[100_000_000]]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<DatasetException>(() => ReadRaw(bomb, [2]));
        BinaryPrimitives.WriteInt32LittleEndian(bomb.AsSpan(^4..), 14);
        Assert.Throws<DatasetException>(() => ReadRaw(bomb, [2]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Read_AnyBytes_EndsInOneKindOfError() => Prop.ForAll<byte[], byte, bool>((bytes, flip, packed) =>
    {
        // Half of them begin as a file does, so that the later checks are reached, too.
        var valid = Idx([3, 2], new byte[6]);
        byte[] content = flip % 2 == 0 ? bytes : [.. valid[..(flip % valid.Length)], .. bytes];
        try
        {
            Read(content, packed, [2]);
            return content.Length == valid.Length;
        }
        catch (DatasetException error)
        {
            return error.Message.EndsWith('.');
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Read_AFileMutated_IsReadOrRefusedInASentence()
    {
        var photos = Idx([3, 4, 2], [.. Enumerable.Range(0, 24).Select(static i => (byte)(7 * i))]);
        Fuzz.Check("photos", 300, [photos, Pack(photos)], file => ReadRaw(file, [4, 2]));
    }

    [Fact]
    public void Read_FlippedBitInAPackedFile_IsNoticedOrWithoutEffect()
    {
        var random = new Core.SeededRandom(1);
        var values = new byte[400];
        random.NextBytes(values);
        var packed = Pack(Idx([400], values));
        var noticed = 0;
        for (var bit = 0; bit < 8 * packed.Length; bit++)
        {
            var damaged = packed.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(values, ReadRaw(damaged, []));
            }
            catch (DatasetException)
            {
                noticed++;
            }
        }

        // All but those in gzip's own header, which says nothing about the content, and in the padding of the last byte.
        Assert.InRange(noticed, (8 * packed.Length) - 100, 8 * packed.Length);
    }

    [Fact]
    public void Read_AFolder_IsRefused() => Assert.Throws<DatasetException>(() => IdxFile.Read(_folder.FullName, [], Most));

    [Fact]
    public void Read_NotThere_NamesThePathAndTheRemedy()
    {
        var error = Assert.Throws<DatasetException>(() => IdxFile.Read(Path.Combine(_folder.FullName, "none"), [], Most));
        Assert.Contains("none", error.Message, StringComparison.Ordinal);
        Assert.Contains("dataset-fashion-mnist", error.Message, StringComparison.Ordinal);
    }

    internal static byte[] Idx(int[] sizes, byte[] values)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        header[2] = 8;
        header[3] = (byte)sizes.Length;
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return [.. header, .. values];
    }

    internal static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private byte[] Read(byte[] content, bool packed, int[] element) => ReadRaw(packed ? Pack(content) : content, element);

    private byte[] ReadRaw(byte[] file, int[] element)
    {
        var path = Path.Combine(_folder.FullName, "file.idx");
        File.WriteAllBytes(path, file);
        return IdxFile.Read(path, element, Most);
    }
}
