using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace DasSearch.Data.Imaging;

/// <summary>Makes pictures larger or smaller by cubic interpolation (a = −½), widened where there are fewer pixels, so that nothing flickers.</summary>
/// <remarks>
/// The result is that of Pillow, which the papers' code uses, to the bit: columns first and then rows, each rounded to 8 bits, with weights of 22 bits
/// behind the point.
/// </remarks>
internal static class Bicubic
{
    private const int Fraction = 22;
    private const int Half = 1 << (Fraction - 1);
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
        var length = source.Width * Picture.Channels;
        var row = new byte[length + 1]; // pixels are read as four bytes, of which the last is of no account
        for (var y = 0; y < source.Height; y++)
        {
            source.Pixels.AsSpan(y * length, length).CopyTo(row);
            var result = target.Pixels.AsSpan(y * width * Picture.Channels, width * Picture.Channels);
            for (var x = 0; x < width; x++)
            {
                var sums = Vector128.Create(Half);
                var at = taps[x].First * Picture.Channels;
                foreach (var weight in taps[x].Weights)
                {
                    var pixel = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(row.AsSpan(at))).AsByte();
                    sums += Vector128.WidenLower(Vector128.WidenLower(pixel)).AsInt32() * weight;
                    at += Picture.Channels;
                }

                var levels = Levels(sums);
                (result[x * Picture.Channels], result[(x * Picture.Channels) + 1], result[(x * Picture.Channels) + 2]) = ((byte)levels[0], (byte)levels[1], (byte)levels[2]);
            }
        }

        return target;
    }

    private static Picture Rows(Picture source, int height)
    {
        var (target, taps) = (Picture.Black(source.Width, height), Taps.Of(source.Height, height));
        var length = source.Width * Picture.Channels;
        for (var y = 0; y < height; y++)
        {
            var weights = taps[y].Weights;
            var first = source.Pixels.AsSpan(taps[y].First * length);
            var result = target.Pixels.AsSpan(y * length, length);
            var i = 0;
            for (; i <= length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var (a, b, c, d) = (Vector128.Create(Half), Vector128.Create(Half), Vector128.Create(Half), Vector128.Create(Half));
                for (var tap = 0; tap < weights.Length; tap++)
                {
                    var (low, high) = Vector128.Widen(Vector128.Create<byte>(first[((tap * length) + i)..]));
                    var ((one, two), (three, four)) = (Vector128.Widen(low), Vector128.Widen(high));
                    a += one.AsInt32() * weights[tap];
                    b += two.AsInt32() * weights[tap];
                    c += three.AsInt32() * weights[tap];
                    d += four.AsInt32() * weights[tap];
                }

                Vector128.Narrow(Vector128.Narrow(Levels(a), Levels(b)).AsUInt16(), Vector128.Narrow(Levels(c), Levels(d)).AsUInt16()).CopyTo(result[i..]);
            }

            for (; i < length; i++)
            {
                var sum = Half;
                for (var tap = 0; tap < weights.Length; tap++)
                {
                    sum += first[(tap * length) + i] * weights[tap];
                }

                result[i] = (byte)Math.Clamp(sum >> Fraction, 0, 255);
            }
        }

        return target;
    }

    private static Vector128<int> Levels(Vector128<int> sums) => Vector128.Min(Vector128.Max(sums >> Fraction, Vector128<int>.Zero), Vector128.Create(255));

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
