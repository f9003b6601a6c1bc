using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Batches;
using static TorchSharp.torch;

namespace DasSearch.Data.Imaging;

/// <summary>Makes tensors of pictures, scaled by bicubic interpolation and normalised.</summary>
/// <remarks>
/// Square, as METER's code has them: the shorter side scaled to that of the image, and the middle cut out. Of their own ratio, as ViLT's has them: the
/// shorter side is that of the image, or less where the longer one would be more than 1333/800 times that; each is rounded down to a multiple of 32.
/// Stretched, as VTAB-1K's are: all of it on a square.
/// </remarks>
/// <param name="style">What images are to be like.</param>
/// <param name="shape">Of which shape they are.</param>
internal sealed class PictureView(ImageStyle style, PictureShape shape)
{
    /// <summary>Sides of images of their own ratio are multiples of it: the side of a patch.</summary>
    public const int Multiple = 32;

    private const double Longest = 1333.0 / 800;

    // [channel, level]: what a pixel becomes.
    private readonly float[] _levels =
        [.. Enumerable.Range(0, Picture.Channels << 8).Select(place => (((place & 255) / 255f) - style.Mean[place >> 8]) / style.Deviation[place >> 8])];

    public int Side => style.Side;

    /// <summary>A picture at the size at which it is seen.</summary>
    public Picture Scaled(Picture picture) => shape switch
    {
        PictureShape.Ratio => InItsRatio(picture),
        PictureShape.Stretched => Bicubic.Resize(picture, Side, Side),
        _ => Middle(picture),
    };

    /// <summary>Tensors of scaled pictures, as large as the largest of them; of what is null a plain square of the mean's colour.</summary>
    public PictureTensors Tensors(IReadOnlyList<Picture?> scaled)
    {
        var (width, height) = (scaled.Max(WidthOf), scaled.Max(HeightOf));
        var pixels = BatchTensors.Make(ScalarType.Float32, scaled.Count, Picture.Channels, height, width);
        Parallel.For(0, scaled.Count, row => Write(scaled[row], SceneImages.Row(pixels, row), width, height));
        return new PictureTensors(pixels, scaled.All(picture => WidthOf(picture) == width && HeightOf(picture) == height) ? null : Mask(scaled, width, height));
    }

    private int WidthOf(Picture? picture) => picture?.Width ?? Side;

    private int HeightOf(Picture? picture) => picture?.Height ?? Side;

    private Picture Middle(Picture picture)
    {
        var shorter = Math.Min(picture.Width, picture.Height);
        var scaled = Bicubic.Resize(picture, Scale(picture.Width), Scale(picture.Height));
        return scaled.Part(Margin(scaled.Width), Margin(scaled.Height), Side, Side);

        int Scale(int length) => (int)((long)Side * length / shorter);
    }

    // Halves go to the even number, as Python rounds.
    private int Margin(int length) => (int)Math.Round((length - Side) / 2.0);

    private Picture InItsRatio(Picture picture)
    {
        var scale = (double)Side / Math.Min(picture.Width, picture.Height);
        var (width, height) = picture.Height < picture.Width ? (scale * picture.Width, (double)Side) : (Side, scale * picture.Height);
        var most = (int)(Longest * Side);
        if (Math.Max(width, height) is var longer && longer > most)
        {
            (width, height) = (width * (most / longer), height * (most / longer));
        }

        return Bicubic.Resize(picture, Rounded(width), Rounded(height));

        static int Rounded(double length) => Math.Max((int)(length + 0.5) / Multiple, 1) * Multiple;
    }

    // Right of a picture and below it there is nothing.
    private void Write(Picture? picture, Span<float> image, int width, int height)
    {
        image.Clear();
        for (var place = 0; picture is not null && place < Picture.Channels * picture.Height; place++)
        {
            var (channel, y) = (place / picture.Height, place % picture.Height);
            var levels = _levels.AsSpan(channel << 8, 256);
            var row = image.Slice(((channel * height) + y) * width, picture.Width);
            var pixels = picture.Pixels.AsSpan(y * picture.Width * Picture.Channels, picture.Width * Picture.Channels);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = levels[pixels[(x * Picture.Channels) + channel]];
            }
        }
    }

    private Tensor Mask(IReadOnlyList<Picture?> scaled, int width, int height)
    {
        var mask = BatchTensors.Make(ScalarType.Bool, scaled.Count, height, width);
        var places = BatchTensors.Elements<bool>(mask);
        places.Clear();
        for (var row = 0; row < scaled.Count * height; row++)
        {
            var picture = scaled[row / height];
            if (row % height < HeightOf(picture))
            {
                places.Slice(row * width, WidthOf(picture)).Fill(true);
            }
        }

        return mask;
    }
}

/// <summary>Pictures of a batch.</summary>
/// <param name="Pixels">Float32, normalised, [batch, 3, height, width].</param>
/// <param name="Mask">False where an image is padded, Bool, [batch, height, width]; null where none is.</param>
internal sealed record PictureTensors(Tensor Pixels, Tensor? Mask);
