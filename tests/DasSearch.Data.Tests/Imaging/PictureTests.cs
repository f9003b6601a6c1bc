using System.Buffers.Binary;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Imaging;

namespace DasSearch.Data.Tests.Imaging;

/// <summary>Pictures against Pillow's, which make_pictures.py has written.</summary>
public sealed class PictureTests : IDisposable
{
    private static readonly string _pictures = Path.Combine(AppContext.BaseDirectory, "Fixtures", "pictures");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-pictures-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(20, 14)]
    [InlineData(64, 48)]
    [InlineData(61, 20)]
    [InlineData(120, 43)]
    [InlineData(7, 90)]
    public void Resize_IsPillows(int width, int height)
    {
        var expected = Read($"resized-{width}x{height}.png");
        Assert.Equal(expected.Pixels, Bicubic.Resize(Read("source.png"), width, height).Pixels);
    }

    [Theory]
    [InlineData("plus", 1)]
    [InlineData("minus", -1)]
    public void RandAugment_EveryOperation_IsPillows(string name, int sign)
    {
        var (source, sheet) = (Read("source.png"), Read($"operations-{name}.png"));
        for (var operation = 0; operation < RandAugment.Count; operation++)
        {
            var length = source.Pixels.Length;
            Assert.True(sheet.Pixels.AsSpan(operation * length, length).SequenceEqual(RandAugment.Apply(source, operation, sign).Pixels), $"operation {operation}");
        }
    }

    [Theory]
    [InlineData("quarters.png")]
    [InlineData("quarters-alpha.png")]
    [InlineData("quarters-16.png")]
    [InlineData("quarters.gif")]
    [InlineData("quarters.webp")]
    [InlineData("quarters-cmyk.jpg")]
    [InlineData("quarters-exif-1.jpg")]
    [InlineData("quarters-exif-2.jpg")]
    [InlineData("quarters-exif-3.jpg")]
    [InlineData("quarters-exif-4.jpg")]
    [InlineData("quarters-exif-5.jpg")]
    [InlineData("quarters-exif-6.jpg")]
    [InlineData("quarters-exif-7.jpg")]
    [InlineData("quarters-exif-8.jpg")]
    public void Read_EveryFormat_IsUprightAndInItsColours(string name)
    {
        var picture = Read(name);
        Assert.Equal((48, 32), (picture.Width, picture.Height));
        AssertNear([255, 0, 0], picture, 5, 5);
        AssertNear([0, 255, 0], picture, 42, 5);
        AssertNear([0, 0, 255], picture, 5, 27);
        AssertNear([255, 255, 255], picture, 42, 27);
    }

    [Theory]
    [InlineData("quarters.png", 100)]
    [InlineData("quarters-exif-6.jpg", 700)]
    [InlineData("quarters.webp", 60)]
    public void Read_WhatWasCutOff_SaysWhichFileIsDamaged(string name, int length)
    {
        var cut = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(cut, File.ReadAllBytes(Path.Combine(_pictures, name))[..length]);
        var message = Assert.ThrowsAny<DasSearchException>(() => PictureFile.Read(cut)).Message;
        Assert.StartsWith(cut, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Read_AHeaderOfGigabytes_IsRefusedBeforeMemoryIsAskedFor()
    {
        var bytes = File.ReadAllBytes(Path.Combine(_pictures, "quarters.png"));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), 90_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), 90_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc32(bytes.AsSpan(12, 17)));
        Refused(bytes, "expected at most 67108864");
    }

    [Theory]
    [InlineData("<html><body>404</body></html>", "is a web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0", "is a Git LFS pointer")]
    [InlineData("some text", "is text that begins with 'some text', not a picture")]
    [InlineData("\u0001\u0002\u0003\u0004", "is no picture, expected JPEG, PNG, WebP or GIF")]
    [InlineData("", "is empty")]
    public void Read_SomethingElse_SaysWhatItIs(string text, string expected) => Refused(System.Text.Encoding.UTF8.GetBytes(text), expected);

    [Fact]
    public void Write_CutsTheMiddleOut_AndNormalises()
    {
        var view = new PictureView(ImageStyle.Grey(8, 0.5f, 0.5f), PictureShape.Square);
        var tensors = view.Tensors([view.Scaled(Read("quarters.png"))]); // 48 by 32, of which the middle 32 by 32 are seen
        using var pixels = tensors.Pixels;
        var image = pixels.data<float>().ToArray();
        Assert.Null(tensors.Mask);
        Assert.Equal([1f, -1, -1], Enumerable.Range(0, 3).Select(channel => image[channel * 64]));
        Assert.Equal([1f, 1, 1], Enumerable.Range(0, 3).Select(channel => image[(channel * 64) + 63]));
    }

    [Fact]
    public void Scaled_Stretched_IsTheWholePictureOnASquare()
    {
        var picture = Read("quarters.png");
        var seen = new PictureView(ImageStyle.Grey(8, 0.5f, 0.5f), PictureShape.Stretched).Scaled(picture);
        Assert.Equal(Bicubic.Resize(picture, 8, 8).Pixels, seen.Pixels);
    }

    [Theory]
    [InlineData(640, 480, 384, 512, 384)]
    [InlineData(480, 640, 384, 384, 512)]
    [InlineData(500, 375, 384, 512, 384)]
    [InlineData(640, 360, 384, 608, 352)] // 639 by 359.4
    [InlineData(400, 400, 384, 384, 384)]
    [InlineData(300, 20, 64, 96, 32)] // 106 by 7.1
    public void Scaled_InItsRatio_HasMultiplesOf32_AsViltsCode(int width, int height, int side, int seenWidth, int seenHeight)
    {
        var seen = new PictureView(ImageStyle.Grey(side, 0.5f, 0.5f), PictureShape.Ratio).Scaled(Picture.Black(width, height));
        Assert.Equal((seenWidth, seenHeight), (seen.Width, seen.Height));
    }

    private static Picture Read(string name) => PictureFile.Read(Path.Combine(_pictures, name));

    private static void AssertNear(byte[] expected, Picture picture, int x, int y)
    {
        const int Tolerance = 8; // of JPEG, and of CMYK's way to red, green and blue
        var pixel = picture.Pixels.AsSpan(((y * picture.Width) + x) * Picture.Channels, Picture.Channels).ToArray();
        Assert.All(expected.Zip(pixel), static levels => Assert.InRange(Math.Abs(levels.First - levels.Second), 0, Tolerance));
    }

    private void Refused(byte[] bytes, string expected)
    {
        var path = Path.Combine(_folder.FullName, "some.png");
        File.WriteAllBytes(path, bytes);
        var message = Assert.ThrowsAny<DasSearchException>(() => PictureFile.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
            }
        }

        return ~crc;
    }
}
