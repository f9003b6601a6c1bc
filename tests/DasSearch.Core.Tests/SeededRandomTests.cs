using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Core.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void Next_AnyBounds_StaysWithinThem() => Prop.ForAll<long, int, int>((seed, a, b) =>
    {
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        var value = new SeededRandom(seed).Next(low, high);
        return low == high ? value == low : value >= low && value < high;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void NextInt64_AnyBounds_StaysWithinThem() => Prop.ForAll<long, long, long>((seed, a, b) =>
    {
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        var value = new SeededRandom(seed).NextInt64(low, high);
        return low == high ? value == low : value >= low && value < high;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void NextInt64_WholeRange_ReachesBothSigns()
    {
        var random = new SeededRandom(1);
        var draws = Enumerable.Range(0, 64).Select(_ => random.NextInt64(long.MinValue, long.MaxValue)).ToList();
        Assert.Contains(draws, value => value < 0);
        Assert.Contains(draws, value => value > 0);
    }

    [Fact]
    public void NextBytes_AnyLength_AgreesWithALongerDraw() => Prop.ForAll<long, byte>((seed, length) =>
    {
        var shorter = new byte[length];
        var longer = new byte[length + 8];
        new SeededRandom(seed).NextBytes(shorter);
        new SeededRandom(seed).NextBytes(longer.AsSpan());
        return longer.AsSpan(0, length).SequenceEqual(shorter);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Next(10)")]
    [InlineData("Next(-3, 7)")]
    [InlineData("NextInt64(10)")]
    [InlineData("NextDouble")]
    [InlineData("NextSingle")]
    [InlineData("NextBytes")]
    public void EveryDraw_ManyTimes_IsUniform(string draw)
    {
        const int Bins = 10;
        const int Draws = 100_000;

        // The 99.9th percentile of chi-square with nine degrees of freedom; the seed is fixed, so this cannot flicker.
        const double Limit = 27.88;

        var random = new SeededRandom(2024);
        var counts = new int[Bins];
        for (var i = 0; i < Draws; i++)
        {
            counts[Bin(random, draw)]++;
        }

        const double Expected = Draws / (double)Bins;
        Assert.InRange(counts.Sum(count => (count - Expected) * (count - Expected) / Expected), 0, Limit);
    }

    [Fact]
    public void Next_BoundThatDividesNothing_HasNoBias()
    {
        // Without redrawing, the lower half of this range would come up twice as often as the upper one.
        const long Bound = 3L << 61;
        var random = new SeededRandom(5);
        var low = Enumerable.Range(0, 30_000).Count(_ => random.NextInt64(Bound) < Bound / 3);
        Assert.InRange(low, 9_700, 10_300);
    }

    [Fact]
    public void Sample_ThroughTheBaseClass_ComesFromTheStream()
    {
        // What Random itself implements on top of the virtual members must not fall back to its own generator.
        var first = Enumerable.Range(0, 50).ToArray();
        var second = Enumerable.Range(0, 50).ToArray();
        new SeededRandom(9).Shuffle(first);
        new SeededRandom(9).Shuffle(second);
        Assert.Equal(first, second);

        new SeededRandom(10).Shuffle(second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Virtuals_OfRandom_AreAllOverridden()
    {
        var inherited = typeof(SeededRandom)
            .GetMethods(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
            .Where(method => method.IsVirtual && method.DeclaringType == typeof(Random))
            .Select(method => method.ToString());
        Assert.Empty(inherited);
    }

    [Fact]
    public void Derive_OtherSeedNameOrRound_GivesAnotherStream()
    {
        var firsts =
            from seed in Enumerable.Range(0, 10)
            from name in new[] { "controller", "worker", "data" }
            from round in Enumerable.Range(0, 100)
            select SeededRandom.Derive(seed, name, round).NextInt64();
        Assert.Equal(3000, firsts.Distinct().Count());
    }

    [Fact]
    public void Derive_NeighbouringRounds_AreUncorrelated()
    {
        const int Rounds = 4000;
        var first = Enumerable.Range(0, Rounds).Select(round => SeededRandom.Derive(3, "controller", round).NextDouble() - 0.5).ToList();
        var correlation = 12 * first.Zip(first.Skip(1), (a, b) => a * b).Average();

        // Four standard errors of the correlation of independent draws.
        Assert.InRange(Math.Abs(correlation), 0, 4 / Math.Sqrt(Rounds));
    }

    [Fact]
    public void Next_BadBounds_Throws()
    {
        var random = new SeededRandom(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt64(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt64(2, 1));
        Assert.Throws<ArgumentNullException>(() => random.NextBytes(null!));
    }

    [Fact]
    public void Derive_BadNameOrRound_Throws()
    {
        Assert.Throws<ArgumentException>(() => SeededRandom.Derive(0, ""));
        Assert.Throws<ArgumentNullException>(() => SeededRandom.Derive(0, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => SeededRandom.Derive(0, "controller", -1));
    }

    private static int Bin(SeededRandom random, string draw) => draw switch
    {
        "Next(10)" => random.Next(10),
        "Next(-3, 7)" => random.Next(-3, 7) + 3,
        "NextInt64(10)" => (int)random.NextInt64(10),
        "NextDouble" => (int)(random.NextDouble() * 10),
        "NextSingle" => (int)(random.NextSingle() * 10),
        "NextBytes" => NextDigit(random),
        _ => throw new ArgumentOutOfRangeException(nameof(draw), draw, "no such draw"),
    };

    private static int NextDigit(SeededRandom random)
    {
        Span<byte> bytes = stackalloc byte[1];
        do
        {
            random.NextBytes(bytes);
        }
        while (bytes[0] >= 250);
        return bytes[0] % 10;
    }
}
