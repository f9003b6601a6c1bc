using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace DasSearch.Core;

/// <summary>
/// A random stream that is the same on every machine and every .NET version: xoshiro256** 1.0 (Blackman and Vigna,
/// arXiv:1805.01407).
/// </summary>
/// <remarks>
/// <para>It derives from <see cref="Random"/> so that libraries which draw through that class accept it; a seeded
/// <see cref="Random"/> itself promises no stable sequence.</para>
/// <para>Every draw consumes whole 64-bit outputs: one for a number, one for each eight bytes, and now and then one
/// more for a bounded integer, which is unbiased (Lemire, arXiv:1805.10941).</para>
/// <para><see cref="Random.Shuffle{T}(Span{T})"/> and <see cref="Random.GetItems{T}(ReadOnlySpan{T}, int)"/> are .NET's own:
/// they draw from this stream, but how many times may change with .NET, so what must repeat does without them.</para>
/// <para>Not for secrets, and not thread-safe: derive one stream for each user instead of sharing one.</para>
/// </remarks>
public sealed class SeededRandom : Random
{
    private const double DoubleUnit = 1.0 / (1UL << 53);
    private const float SingleUnit = 1.0f / (1U << 24);

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the stream of a seed; its four words of state are the first outputs of SplitMix64.</summary>
    /// <param name="seed">Any value; each has its own stream.</param>
#pragma warning disable RS0030 // A derived class must call a constructor of Random; the generator behind it is never used.
    public SeededRandom(long seed)
        : base(0)
#pragma warning restore RS0030
    {
        var mixer = unchecked((ulong)seed);
        _s0 = SplitMix64(ref mixer);
        _s1 = SplitMix64(ref mixer);
        _s2 = SplitMix64(ref mixer);
        _s3 = SplitMix64(ref mixer);
    }

    /// <summary>The child stream of a seed that belongs to one purpose and one round.</summary>
    /// <remarks>
    /// The child's seed is the first eight bytes of SHA-256 over seed, round (both 64-bit) and the UTF-8 name, all
    /// little-endian. It depends on nothing drawn before, so a run resumed at a round needs no saved generator.
    /// </remarks>
    /// <param name="seed">The run's seed.</param>
    /// <param name="name">What the draws are for, such as <c>controller</c>; not empty.</param>
    /// <param name="round">The round, from 0; 0 also where there are no rounds.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="round"/> is negative.</exception>
    public static SeededRandom Derive(long seed, string name, long round = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(round);

        var message = new byte[2 * sizeof(long) + Encoding.UTF8.GetByteCount(name)];
        BinaryPrimitives.WriteInt64LittleEndian(message, seed);
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(sizeof(long)), round);
        Encoding.UTF8.GetBytes(name, message.AsSpan(2 * sizeof(long)));
        return new SeededRandom(BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(message)));
    }

    /// <summary>An integer from 0 up to, not including, <see cref="int.MaxValue"/>.</summary>
    public override int Next() => (int)Below(int.MaxValue);

    /// <summary>An integer from 0 up to, not including, <paramref name="maxValue"/>; 0 when that is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxValue"/> is negative.</exception>
    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)Below((ulong)maxValue);
    }

    /// <summary>An integer from <paramref name="minValue"/> up to, not including, <paramref name="maxValue"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minValue"/> is greater than <paramref name="maxValue"/>.</exception>
    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    /// <summary>An integer from 0 up to, not including, <see cref="long.MaxValue"/>.</summary>
    public override long NextInt64() => (long)Below(long.MaxValue);

    /// <summary>An integer from 0 up to, not including, <paramref name="maxValue"/>; 0 when that is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxValue"/> is negative.</exception>
    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (long)Below((ulong)maxValue);
    }

    /// <summary>An integer from <paramref name="minValue"/> up to, not including, <paramref name="maxValue"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minValue"/> is greater than <paramref name="maxValue"/>.</exception>
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return unchecked(minValue + (long)Below((ulong)maxValue - (ulong)minValue));
    }

    /// <summary>A number in [0, 1): a multiple of 2⁻⁵³.</summary>
    public override double NextDouble() => (NextUInt64() >> 11) * DoubleUnit;

    /// <summary>A number in [0, 1): a multiple of 2⁻²⁴.</summary>
    public override float NextSingle() => (NextUInt64() >> 40) * SingleUnit;

    /// <summary>Fills an array with the outputs' bytes, little-endian.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="buffer"/> is null.</exception>
    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    /// <summary>Fills a span with the outputs' bytes, little-endian; an incomplete last word gives its low bytes.</summary>
    public override void NextBytes(Span<byte> buffer)
    {
        while (buffer.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, NextUInt64());
            buffer = buffer[sizeof(ulong)..];
        }

        if (!buffer.IsEmpty)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(last, NextUInt64());
            last[..buffer.Length].CopyTo(buffer);
        }
    }

    /// <summary>The same as <see cref="NextDouble"/>, for what <see cref="Random"/> still draws through here.</summary>
    protected override double Sample() => NextDouble();

    private static ulong SplitMix64(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Multiplies into the range and redraws the few values that would make some results likelier.</summary>
    private ulong Below(ulong bound)
    {
        var high = Math.BigMul(NextUInt64(), bound, out var low);
        if (low < bound)
        {
            // 2⁶⁴ mod bound, computed only here because a division is dearer than the draw.
            var threshold = bound == 0 ? 0 : unchecked(0 - bound) % bound;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), bound, out low);
            }
        }

        return high;
    }
}
