using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Emoji;
using DasSearch.Data.Scenes;

namespace DasSearch.Data.EmojiVl;

/// <summary>Puts each thing's picture somewhere in its cell, a little smaller or not, on a light background.</summary>
/// <remarks>There is one picture of a thing and hand; that it is never the same twice is what keeps a model from learning it by heart.</remarks>
/// <param name="pictures">The pictures.</param>
/// <param name="style">What the image is to be like.</param>
internal sealed class EmojiRenderer(EmojiPictures pictures, ImageStyle style) : ISceneRenderer<Thing>
{
    private const int Channels = SceneImages.Channels;

    // Of a cell's side: the smallest picture, and the darkest background of white.
    private const float Smallest = 0.75f;
    private const float Darkest = 0.7f;

    /// <summary>Half the size that the pictures come in; mean and deviation are those of scenes, rounded.</summary>
    public static ImageStyle Natural { get; } = ImageStyle.Grey(2 * Pictures.HalfSide, 0.75f, 0.25f);

    public int Side => style.Side;

    /// <summary>Six draws of the stream a cell.</summary>
    public void Render(Scene<Thing> scene, Split split, Random random, Span<float> image)
    {
        var cell = Side / 2;
        Span<float> light = stackalloc float[Channels];
        for (var i = 0; i < Positions.Count; i++)
        {
            var size = cell * (Smallest + ((1 - Smallest) * random.NextSingle()));
            var (left, top) = ((cell - size) * random.NextSingle(), (cell - size) * random.NextSingle());
            foreach (ref var channel in light)
            {
                channel = Darkest + ((1 - Darkest) * random.NextSingle());
            }

            var set = pictures.Of(split);
            var picture = scene[(Position)i].Picture;
            var isWhole = size > Pictures.HalfSide;
            var corner = (((Position)i).Row() * cell * Side) + (((Position)i).Column() * cell);
            Paint(isWhole ? set.Whole(picture) : set.Half(picture), isWhole ? EmojiSheet.Side : Pictures.HalfSide, size, left, top, light, image[corner..]);
        }
    }

    // One cell: bilinear between the picture's pixels, which outside it are transparent.
    private void Paint(ReadOnlySpan<byte> picture, int side, float size, float left, float top, ReadOnlySpan<float> light, Span<float> image)
    {
        var cell = Side / 2;
        var step = side / size;
        Span<float> colour = stackalloc float[Channels + 1];
        for (var row = 0; row < cell; row++)
        {
            var y = ((row + 0.5f - top) * step) - 0.5f;
            for (var column = 0; column < cell; column++)
            {
                Look(picture, side, y, ((column + 0.5f - left) * step) - 0.5f, colour);
                for (var channel = 0; channel < Channels; channel++)
                {
                    var value = colour[channel] + (light[channel] * (1 - colour[Channels]));
                    image[(channel * Side * Side) + (row * Side) + column] = (value - style.Mean[channel]) / style.Deviation[channel];
                }
            }
        }
    }

    private static void Look(ReadOnlySpan<byte> picture, int side, float y, float x, Span<float> colour)
    {
        colour.Clear();
        var (top, left) = ((int)MathF.Floor(y), (int)MathF.Floor(x));
        for (var corner = 0; corner < 4; corner++)
        {
            var (row, column) = (top + (corner >> 1), left + (corner & 1));
            if (row < 0 || row >= side || column < 0 || column >= side)
            {
                continue;
            }

            var weight = (1 - MathF.Abs(y - row)) * (1 - MathF.Abs(x - column)) / byte.MaxValue;
            var pixel = picture.Slice(((row * side) + column) * (Channels + 1), Channels + 1);
            for (var channel = 0; channel < pixel.Length; channel++)
            {
                colour[channel] += weight * pixel[channel];
            }
        }
    }
}
