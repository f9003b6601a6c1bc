namespace DasSearch.Data.Imaging;

/// <summary>Makes pictures larger or smaller by cubic interpolation (a = −½), widened where there are fewer pixels, so that nothing flickers.</summary>
/// <remarks>
/// The result is that of Pillow, which the papers' code uses, to the bit: columns first and then rows, each rounded to 8 bits, with weights of 22 bits
/// behind the point.
/// </remarks>
internal static class Bicubic
{
    private const int Fraction = 22;
    private const double Reach = 2; // of the filter, to either side

    /// <summary>The picture at another size.</summary>
    public static Picture Resize(Picture source, int width, int height)
    {
        var wide = width == source.Width ? source : Columns(source, width);
        return height == wide.Height ? wide : Rows(wide, height);
    }

    private static Picture Columns(Picture source, int width)
    {
        var (target, taps) = (Picture.Black(width, source.Height), Taps.Of(source.Width, width));
        for (var y = 0; y < source.Height; y++)
        {
            var row = source.Pixels.AsSpan(y * source.Width * Picture.Channels, source.Width * Picture.Channels);
            var result = target.Pixels.AsSpan(y * width * Picture.Channels, width * Picture.Channels);
            for (var x = 0; x < width; x++)
            {
                var (red, green, blue) = (1 << (Fraction - 1), 1 << (Fraction - 1), 1 << (Fraction - 1));
                var pixels = row[(taps[x].First * Picture.Channels)..];
                foreach (var weight in taps[x].Weights)
                {
                    red += pixels[0] * weight;
                    green += pixels[1] * weight;
                    blue += pixels[2] * weight;
                    pixels = pixels[Picture.Channels..];
                }

                (result[x * 3], result[(x * 3) + 1], result[(x * 3) + 2]) = (Byte(red), Byte(green), Byte(blue));
            }
        }

        return target;
    }

    private static Picture Rows(Picture source, int height)
    {
        var (target, taps) = (Picture.Black(source.Width, height), Taps.Of(source.Height, height));
        var length = source.Width * Picture.Channels;
        var sums = new int[length];
        for (var y = 0; y < height; y++)
        {
            Array.Fill(sums, 1 << (Fraction - 1));
            for (var tap = 0; tap < taps[y].Weights.Length; tap++)
            {
                var weight = taps[y].Weights[tap];
                var row = source.Pixels.AsSpan((taps[y].First + tap) * length, length);
                for (var i = 0; i < sums.Length; i++)
                {
                    sums[i] += row[i] * weight;
                }
            }

            var result = target.Pixels.AsSpan(y * length, length);
            for (var i = 0; i < sums.Length; i++)
            {
                result[i] = Byte(sums[i]);
            }
        }

        return target;
    }

    private static byte Byte(int sum) => (byte)Math.Clamp(sum >> Fraction, 0, 255);

    /// <summary>Which pixels make one of the result, and how much of each.</summary>
    private sealed record Taps(int First, int[] Weights)
    {
        public static Taps[] Of(int source, int target)
        {
            var scale = (double)source / target;
            var stretch = Math.Max(scale, 1);
            return [.. Enumerable.Range(0, target).Select(place =>
            {
                var centre = (place + 0.5) * scale;
                var first = Math.Max((int)(centre - (Reach * stretch) + 0.5), 0);
                var last = Math.Min((int)(centre + (Reach * stretch) + 0.5), source);
                var weights = Enumerable.Range(first, last - first).Select(pixel => Weight((pixel - centre + 0.5) / stretch)).ToArray();
                var sum = weights.Sum();
                return new Taps(first, [.. weights.Select(weight => Fixed(weight / sum))]);
            })];
        }

        private static int Fixed(double weight) => (int)((weight * (1 << Fraction)) + (weight < 0 ? -0.5 : 0.5));

        private static double Weight(double distance)
        {
            const double A = -0.5;
            var x = Math.Abs(distance);
            return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1 : x < Reach ? ((((x - 5) * x) + 8) * x - 4) * A : 0;
        }
    }
}
