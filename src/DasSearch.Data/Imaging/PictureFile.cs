using DasSearch.Core;
using DasSearch.Formats;
using SkiaSharp;

namespace DasSearch.Data.Imaging;

/// <summary>Pictures in files: JPEG, PNG, WebP and GIF, of which the first frame counts.</summary>
/// <remarks>
/// They come out as a reader of pictures shows them: turned as EXIF says, CMYK and 16 bits as 8 bits of red, green and blue, and what is
/// transparent in its own colour. A file is trusted with nothing: its size is checked before memory is asked for.
/// </remarks>
internal static class PictureFile
{
    private const int MostPixels = 1 << 26;
    private const int MostStretch = 20; // else the shorter side at its full size makes the other one a matter of gigabytes
    private const int Rgba = 4;

    /// <summary>What the names of such files end in.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".jpg", ".jpeg", ".png", ".webp", ".gif"];

    /// <exception cref="DasSearchException">The file is not there, is no picture, too large, or damaged; the message begins with its name.</exception>
    public static Picture Read(string path)
    {
        using var bytes = SKData.CreateCopy(InputFile.ReadBytes(path, InputKind.Picture));
        using var codec = SKCodec.Create(bytes) ?? throw new DatasetException($"{path} is no picture, expected JPEG, PNG, WebP or GIF.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width < 1 || height < 1 || (long)width * height > MostPixels)
        {
            throw new DatasetException($"{path} has {width}×{height} pixels, expected at most {MostPixels}.");
        }

        if (Math.Max(width, height) > MostStretch * Math.Min(width, height))
        {
            throw new DatasetException($"{path} has {width}×{height} pixels, expected a longer side of at most {MostStretch} times the shorter one.");
        }

        var result = codec.GetPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul), out var pixels);
        return result == SKCodecResult.Success
            ? Upright(pixels, width, height, codec.EncodedOrigin)
            : throw new DatasetException($"{path} is truncated or damaged: it decodes to {result}.");
    }

    // The picture as it is looked at, without alpha.
    private static Picture Upright(byte[] pixels, int width, int height, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
        {
            var same = Picture.Black(width, height);
            for (var (from, to) = (0, 0); to < same.Pixels.Length; (from, to) = (from + Rgba, to + Picture.Channels))
            {
                (same.Pixels[to], same.Pixels[to + 1], same.Pixels[to + 2]) = (pixels[from], pixels[from + 1], pixels[from + 2]);
            }

            return same;
        }

        var isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var upright = isTurned ? Picture.Black(height, width) : Picture.Black(width, height);
        for (var y = 0; y < upright.Height; y++)
        {
            for (var x = 0; x < upright.Width; x++)
            {
                var (column, row) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    SKEncodedOrigin.LeftBottom => (width - 1 - y, x),
                    _ => (x, y),
                };
                pixels.AsSpan(((row * width) + column) * Rgba, Picture.Channels).CopyTo(upright.Pixels.AsSpan(((y * upright.Width) + x) * Picture.Channels));
            }
        }

        return upright;
    }
}
