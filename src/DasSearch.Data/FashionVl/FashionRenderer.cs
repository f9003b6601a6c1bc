using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.Scenes;

namespace DasSearch.Data.FashionVl;

/// <summary>Draws a scene's photos and writes them as one image.</summary>
/// <param name="photos">Where photos are drawn from.</param>
/// <param name="style">What the image is to be like.</param>
internal sealed class FashionRenderer(FashionPhotos photos, ImageStyle style) : ISceneRenderer<Cell>
{
    private const int PhotosSide = 2 * PhotoSet.Side;

    // [colour, channel, grey level]: what a pixel becomes.
    private readonly float[] _levels = MakeLevels(style);

    /// <summary>
    /// The photos as they are. Mean and deviation are those of the tinted photos' channels, rounded: what is black, most of a photo,
    /// would otherwise outweigh what is shown, and a model learns products several times more slowly.
    /// </summary>
    public static ImageStyle Natural { get; } = ImageStyle.Grey(PhotosSide, 0.15f, 0.25f);

    public int Side => style.Side;

    /// <summary>Draws a photo for each cell, one draw of the stream each; in the natural style values go from −0.6 for black to 3.4.</summary>
    public void Render(Scene<Cell> scene, Split split, Random random, Span<float> image)
    {
        if (Side == PhotosSide)
        {
            Paint(scene, split, random, image);
            return;
        }

        Span<float> small = new float[SceneImages.Channels * PhotosSide * PhotosSide];
        Paint(scene, split, random, small);
        Bilinear.Resize(small, PhotosSide, image, Side);
    }

    private void Paint(Scene<Cell> scene, Split split, Random random, Span<float> image)
    {
        var set = photos.Of(split);
        for (var i = 0; i < Positions.Count; i++)
        {
            var cell = scene[(Position)i];
            Paint(set.Pixels(set.Pick(cell.Product, random)), cell.Colour, (Position)i, image);
        }
    }

    // Writes one tinted photo, (level / 255 · light − mean) / deviation, into its quarter of the image.
    private void Paint(ReadOnlySpan<byte> photo, Colour colour, Position position, Span<float> image)
    {
        var corner = (position.Row() * PhotoSet.Side * PhotosSide) + (position.Column() * PhotoSet.Side);
        for (var channel = 0; channel < SceneImages.Channels; channel++)
        {
            var levels = _levels.AsSpan(((int)colour * SceneImages.Channels + channel) << 8, 256);
            for (var row = 0; row < PhotoSet.Side; row++)
            {
                var source = photo.Slice(row * PhotoSet.Side, PhotoSet.Side);
                var target = image.Slice((channel * PhotosSide * PhotosSide) + corner + (row * PhotosSide), PhotoSet.Side);
                for (var column = 0; column < target.Length && column < source.Length; column++)
                {
                    target[column] = levels[source[column]];
                }
            }
        }
    }

    private static float[] MakeLevels(ImageStyle style)
    {
        var levels = new float[Colours.Count * SceneImages.Channels * 256];
        for (var i = 0; i < levels.Length; i++)
        {
            var channel = i / 256 % SceneImages.Channels;
            var light = ((Colour)(i / (SceneImages.Channels * 256))).Light()[channel];
            levels[i] = (((i % 256) / 255f * light) - style.Mean[channel]) / style.Deviation[channel];
        }

        return levels;
    }
}
