using DasSearch.Core;

namespace DasSearch.Data.Imaging;

/// <summary>Makes tensors of pictures as METER's code does: the shorter side scaled to that of the image, bicubic, the middle cut out, and normalised.</summary>
/// <param name="style">What images are to be like.</param>
internal sealed class PictureView(ImageStyle style)
{
    public int Side => style.Side;

    /// <summary>Writes a picture.</summary>
    /// <param name="picture">The picture, of any size.</param>
    /// <param name="image">[3, side, side], overwritten.</param>
    public void Write(Picture picture, Span<float> image)
    {
        var shorter = Math.Min(picture.Width, picture.Height);
        var scaled = Bicubic.Resize(picture, Scaled(picture.Width, shorter), Scaled(picture.Height, shorter));
        var (left, top) = (Margin(scaled.Width), Margin(scaled.Height));
        for (var channel = 0; channel < Picture.Channels; channel++)
        {
            var (mean, deviation) = (style.Mean[channel], style.Deviation[channel]);
            for (var y = 0; y < Side; y++)
            {
                var row = image.Slice(((channel * Side) + y) * Side, Side);
                var from = ((((top + y) * scaled.Width) + left) * Picture.Channels) + channel;
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] = ((scaled.Pixels[from + (x * Picture.Channels)] / 255f) - mean) / deviation;
                }
            }
        }
    }

    private int Scaled(int length, int shorter) => (int)((long)Side * length / shorter);

    // Halves go to the even number, as Python rounds.
    private int Margin(int length) => (int)Math.Round((length - Side) / 2.0);
}
