namespace DasSearch.Data.Scenes;

/// <summary>Makes square images larger or a little smaller: each pixel is the weighted mean of the four nearest.</summary>
internal static class Bilinear
{
    /// <summary>Resizes all channels of an image, pixel centres being at half numbers.</summary>
    /// <param name="source">[channels, side, side].</param>
    /// <param name="side">Height and width of the source.</param>
    /// <param name="target">[channels, other, other], overwritten.</param>
    /// <param name="other">Height and width of the target.</param>
    public static void Resize(ReadOnlySpan<float> source, int side, Span<float> target, int other)
    {
        var step = (float)side / other;
        for (var i = 0; i < target.Length; i++)
        {
            var (channel, row, column) = (i / (other * other), i / other % other, i % other);
            target[i] = At(source.Slice(channel * side * side, side * side), side, (row + 0.5f) * step, (column + 0.5f) * step);
        }
    }

    private static float At(ReadOnlySpan<float> channel, int side, float y, float x)
    {
        var (top, down) = Split(y, side);
        var (left, right) = Split(x, side);
        var (below, beside) = (Math.Min(top + 1, side - 1), Math.Min(left + 1, side - 1));
        var upper = (channel[(top * side) + left] * (1 - right)) + (channel[(top * side) + beside] * right);
        var lower = (channel[(below * side) + left] * (1 - right)) + (channel[(below * side) + beside] * right);
        return (upper * (1 - down)) + (lower * down);
    }

    // The pixel before a place, and how far it is past that pixel's centre.
    private static (int Pixel, float Past) Split(float place, int side)
    {
        var inside = Math.Clamp(place - 0.5f, 0, side - 1);
        return ((int)inside, inside - (int)inside);
    }
}
