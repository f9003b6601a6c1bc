namespace DasSearch.Data.Imaging;

/// <summary>A picture in memory.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Pixels">Red, green and blue from 0 to 255: [height, width, 3].</param>
internal sealed record Picture(int Width, int Height, byte[] Pixels)
{
    /// <summary>Red, green and blue.</summary>
    public const int Channels = 3;

    /// <summary>A black one.</summary>
    public static Picture Black(int width, int height) => new(width, height, new byte[width * height * Channels]);

    /// <summary>A part of it, which lies within.</summary>
    public Picture Part(int left, int top, int width, int height)
    {
        var part = Black(width, height);
        for (var y = 0; y < height; y++)
        {
            Pixels.AsSpan((((top + y) * Width) + left) * Channels, width * Channels).CopyTo(part.Pixels.AsSpan(y * width * Channels));
        }

        return part;
    }
}
