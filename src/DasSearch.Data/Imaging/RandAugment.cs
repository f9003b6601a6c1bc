namespace DasSearch.Data.Imaging;

/// <summary>RandAugment (arXiv:1909.13719) with two operations of magnitude 9, as ViLT's and METER's code have it: 14 operations, drawn with replacement.</summary>
/// <remarks>What they do to a picture is what Pillow's do, to the bit; places that nothing is moved to are black.</remarks>
internal static class RandAugment
{
    private const int Operations = 2;
    private const double Blend = 0.64; // 0.3 of the way from 0.1 to 1.9
    private const double Degrees = 9;
    private const double Shear = 0.09;
    private const double Pixels = 30;
    private const int SolarizedFrom = 77; // above 76.8
    private const int Added = 33;

    private static readonly Func<Picture, int, Picture>[] _all =
    [
        static (picture, _) => PerChannel(picture, Stretched),
        static (picture, _) => PerChannel(picture, Equalized),
        static (picture, sign) => Rotate(picture, sign * Degrees),
        static (picture, _) => Map(picture, static level => level & 0x80),
        static (picture, _) => Map(picture, static level => level < SolarizedFrom ? level : 255 - level),
        static (picture, _) => Map(picture, static level => Math.Min(level + Added, 255) is var more && more < 128 ? more : 255 - more),
        static (picture, _) => Mixed(picture, Grey(picture)),
        static (picture, _) => Mixed(picture, Even(picture, Mean(picture))),
        static (picture, _) => Mixed(picture, Even(picture, 0)),
        static (picture, _) => Mixed(picture, Smooth(picture)),
        static (picture, sign) => Affine(picture, 1, sign * Shear, 0, 0, 1, 0),
        static (picture, sign) => Affine(picture, 1, 0, 0, sign * Shear, 1, 0),
        static (picture, sign) => Affine(picture, 1, 0, sign * Pixels, 0, 1, 0),
        static (picture, sign) => Affine(picture, 1, 0, 0, 0, 1, sign * Pixels),
    ];

    /// <summary>How many operations there are.</summary>
    public static int Count => _all.Length;

    /// <summary>The picture, varied.</summary>
    public static Picture Vary(Picture picture, Random random)
    {
        for (var i = 0; i < Operations; i++)
        {
            picture = Apply(picture, random.Next(Count), (2 * random.Next(2)) - 1);
        }

        return picture;
    }

    /// <summary>One operation: contrast stretched, levels made even, rotated, one bit, solarised, lightened and solarised, colour, contrast, brightness, sharpness, two shears, two shifts.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="operation">Which, from 0.</param>
    /// <param name="sign">1 or −1: which way, where there are two.</param>
    public static Picture Apply(Picture picture, int operation, int sign) => _all[operation](picture, sign);

    private static Picture Map(Picture picture, Func<int, int> level)
    {
        var levels = Enumerable.Range(0, 256).Select(from => (byte)level(from)).ToArray();
        return picture with { Pixels = Array.ConvertAll(picture.Pixels, from => levels[from]) };
    }

    private static Picture PerChannel(Picture picture, Func<int[], Func<int, int>> of)
    {
        var pixels = new byte[picture.Pixels.Length];
        for (var channel = 0; channel < Picture.Channels; channel++)
        {
            var counts = new int[256];
            for (var i = channel; i < pixels.Length; i += Picture.Channels)
            {
                counts[picture.Pixels[i]]++;
            }

            var level = of(counts);
            var levels = Enumerable.Range(0, 256).Select(from => (byte)Math.Clamp(level(from), 0, 255)).ToArray();
            for (var i = channel; i < pixels.Length; i += Picture.Channels)
            {
                pixels[i] = levels[picture.Pixels[i]];
            }
        }

        return picture with { Pixels = pixels };
    }

    // The darkest level becomes 0 and the lightest 255.
    private static Func<int, int> Stretched(int[] counts)
    {
        var (low, high) = (Array.FindIndex(counts, static count => count > 0), Array.FindLastIndex(counts, static count => count > 0));
        var scale = 255.0 / (high - low);
        return high <= low ? static level => level : level => (int)((level * scale) + (-low * scale));
    }

    // About as many pixels at each level.
    private static Func<int, int> Equalized(int[] counts)
    {
        var step = (counts.Sum() - counts.Last(static count => count > 0)) / 255;
        if (step == 0)
        {
            return static level => level;
        }

        var levels = new int[256];
        var below = step / 2;
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = below / step;
            below += counts[i];
        }

        return level => levels[level];
    }

    private static Picture Mixed(Picture picture, Picture plain)
    {
        var pixels = new byte[picture.Pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(plain.Pixels[i] + ((float)Blend * (picture.Pixels[i] - plain.Pixels[i])));
        }

        return picture with { Pixels = pixels };
    }

    private static int Luminance(ReadOnlySpan<byte> pixel) => ((pixel[0] * 19595) + (pixel[1] * 38470) + (pixel[2] * 7471) + 0x8000) >> 16;

    private static Picture Grey(Picture picture)
    {
        var grey = new byte[picture.Pixels.Length];
        for (var i = 0; i < grey.Length; i += Picture.Channels)
        {
            grey.AsSpan(i, Picture.Channels).Fill((byte)Luminance(picture.Pixels.AsSpan(i)));
        }

        return picture with { Pixels = grey };
    }

    private static byte Mean(Picture picture)
    {
        var sum = 0L;
        for (var i = 0; i < picture.Pixels.Length; i += Picture.Channels)
        {
            sum += Luminance(picture.Pixels.AsSpan(i));
        }

        return (byte)(((double)sum / (picture.Width * picture.Height)) + 0.5);
    }

    private static Picture Even(Picture picture, byte level)
    {
        var even = new byte[picture.Pixels.Length];
        even.AsSpan().Fill(level);
        return picture with { Pixels = even };
    }

    // The mean of nine pixels, of which the middle one counts five times; at the border all is as it was.
    private static Picture Smooth(Picture picture)
    {
        var smooth = (byte[])picture.Pixels.Clone();
        var stride = picture.Width * Picture.Channels;
        for (var y = 1; y < picture.Height - 1; y++)
        {
            for (var i = (y * stride) + Picture.Channels; i < ((y + 1) * stride) - Picture.Channels; i++)
            {
                var sum = 4 * picture.Pixels[i];
                for (var row = i - stride; row <= i + stride; row += stride)
                {
                    sum += picture.Pixels[row - Picture.Channels] + picture.Pixels[row] + picture.Pixels[row + Picture.Channels];
                }

                smooth[i] = (byte)((sum / 13.0) + 0.5);
            }
        }

        return picture with { Pixels = smooth };
    }

    private static Picture Rotate(Picture picture, double degrees)
    {
        const int Digits = 15;
        var angle = -degrees * Math.PI / 180;
        var (cosine, sine) = (Math.Round(Math.Cos(angle), Digits), Math.Round(Math.Sin(angle), Digits));
        var (x, y) = (picture.Width / 2.0, picture.Height / 2.0);
        return Affine(picture, cosine, sine, x - (cosine * x) - (sine * y), -sine, cosine, y + (sine * x) - (cosine * y));
    }

    // The pixel at (x, y) is the one at (a x + b y + c, d x + e y + f), by the middles of pixels, in steps of 1/65536; black where there is none.
    private static Picture Affine(Picture picture, double a, double b, double c, double d, double e, double f)
    {
        const int Fraction = 16;
        var moved = Picture.Black(picture.Width, picture.Height);
        var (startX, startY) = (Fixed(c + ((a + b) / 2)), Fixed(f + ((d + e) / 2)));
        for (var y = 0; y < picture.Height; y++)
        {
            var (atX, atY) = (startX + (y * Fixed(b)), startY + (y * Fixed(e)));
            for (var x = 0; x < picture.Width; x++, atX += Fixed(a), atY += Fixed(d))
            {
                var (column, row) = (atX >> Fraction, atY >> Fraction);
                if (column >= 0 && column < picture.Width && row >= 0 && row < picture.Height)
                {
                    picture.Pixels.AsSpan((int)((row * picture.Width) + column) * Picture.Channels, Picture.Channels)
                        .CopyTo(moved.Pixels.AsSpan(((y * picture.Width) + x) * Picture.Channels));
                }
            }
        }

        return moved;

        static long Fixed(double number) => (long)Math.Floor((number * (1 << Fraction)) + 0.5);
    }
}
