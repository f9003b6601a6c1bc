using DasSearch.Data.FashionMnist;

namespace DasSearch.Data.Scenes;

/// <summary>Draws a scene's photos and writes them as one image.</summary>
internal static class SceneRenderer
{
    /// <summary>Height and width of an image, in pixels.</summary>
    public const int Side = 2 * PhotoSet.Side;

    /// <summary>Red, green and blue.</summary>
    public const int Channels = 3;

    /// <summary>Numbers in an image.</summary>
    public const int Length = Channels * Side * Side;

    // Mean and deviation of the tinted photos' channels, rounded. What is black, most of a photo, would otherwise outweigh
    // what is shown, and a model learns products several times more slowly.
    private const float Mean = 0.15f;
    private const float Deviation = 0.25f;

    // [colour, channel, grey level]: what a pixel becomes.
    private static readonly float[] Levels = MakeLevels();

    /// <summary>Draws a photo for each cell and writes the image.</summary>
    /// <param name="scene">What is to be seen.</param>
    /// <param name="photos">Where photos are drawn from.</param>
    /// <param name="random">The stream, one draw a cell.</param>
    /// <param name="image">[3, 56, 56], overwritten with values from −0.6 for black to 3.4.</param>
    public static void Render(Scene scene, PhotoSet photos, Random random, Span<float> image)
    {
        for (var i = 0; i < Positions.Count; i++)
        {
            var cell = scene[(Position)i];
            Paint(photos.Pixels(photos.Pick(cell.Product, random)), cell.Colour, (Position)i, image);
        }
    }

    /// <summary>Writes one tinted photo, (level / 255 · light − 0.15) / 0.25, into its quarter of the image.</summary>
    public static void Paint(ReadOnlySpan<byte> photo, Colour colour, Position position, Span<float> image)
    {
        var corner = (position.Row() * PhotoSet.Side * Side) + (position.Column() * PhotoSet.Side);
        for (var channel = 0; channel < Channels; channel++)
        {
            var levels = Levels.AsSpan(((int)colour * Channels + channel) << 8, 256);
            for (var row = 0; row < PhotoSet.Side; row++)
            {
                var source = photo.Slice(row * PhotoSet.Side, PhotoSet.Side);
                var target = image.Slice((channel * Side * Side) + corner + (row * Side), PhotoSet.Side);
                for (var column = 0; column < target.Length && column < source.Length; column++)
                {
                    target[column] = levels[source[column]];
                }
            }
        }
    }

    private static float[] MakeLevels()
    {
        var levels = new float[Colours.Count * Channels * 256];
        for (var i = 0; i < levels.Length; i++)
        {
            var light = ((Colour)(i / (Channels * 256))).Light()[i / 256 % Channels];
            levels[i] = (((i % 256) / 255f * light) - Mean) / Deviation;
        }

        return levels;
    }
}
