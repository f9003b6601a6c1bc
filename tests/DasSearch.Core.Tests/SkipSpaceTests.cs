using DasSearch.Core.Spaces;

namespace DasSearch.Core.Tests;

/// <summary>Spaces against the list of all subsets, from which those that break a rule are struck out.</summary>
public sealed class SkipSpaceTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Space_OfAnyRules_HoldsExactlyWhatKeepsThem(int seed)
    {
        var rules = Rules.Draw(seed);
        var (space, expected) = (rules.Space(), rules.Listed());

        Assert.Equal(expected, space.All().Order());
        Assert.Equal(expected.Count, space.Count);
        Assert.Equal(expected.Select(set => set.Count).DefaultIfEmpty(0).Max(), space.MostSkipped);
        var all = rules.Subsets().ToList();
        Assert.Equal(expected, all.Where(space.Contains).Order());
        Assert.All(all, some => Assert.Equal(
            Enumerable.Range(0, rules.Modules).Select(i => !some.Contains(i) && expected.Exists(set => some.Skipped.Append(i).All(set.Contains))),
            space.Growable([.. Enumerable.Range(0, rules.Modules).Select(some.Contains)])));
        var shares = Enumerable.Range(0, rules.Modules).Select(i => expected.Count == 0 ? 0 : (double)expected.Count(set => set.Contains(i)) / expected.Count);
        Assert.All(shares.Zip(space.Shares()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ByScore_ListsAllOfThem_TheBestFirst(int seed)
    {
        var rules = Rules.Draw(seed);
        var random = new SeededRandom(seed);
        var scores = Enumerable.Range(0, rules.Modules).Select(_ => (double)random.Next(-3, 4)).ToArray(); // with many ties
        var sorted = rules.Space().ByScore(scores).ToList();

        Assert.Equal(rules.Listed(), sorted.Order());
        var sums = sorted.Select(set => set.Skipped.Sum(i => scores[i])).ToList();
        Assert.Equal(sums.OrderDescending(), sums);
        Assert.Equal(sorted.FirstOrDefault(), sorted.Count > 0 ? rules.Space().Best(scores) : null);
        Assert.Equal(sorted, rules.Space().ByScore(scores));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ByScore_OfASize_BeginsWithTheTopGates(int seed)
    {
        var random = new SeededRandom(seed);
        var (modules, skipped) = (12, random.Next(0, 13));
        var scores = Enumerable.Range(0, modules).Select(_ => (double)random.Next(0, 4)).ToArray();
        Assert.Equal(TopGates.Choose(scores, skipped), SkipSpace.Of(modules, skipped).ByScore(scores).First());
    }

    [Fact]
    public void Draw_TakesEachAsOften()
    {
        var space = new SkipSpace(["a", "a", "b", "b", "b"], SkipTarget.Modules(2), new SkipConstraints([0], KeptPerStream: 1, MostInARow: 1));
        var random = new SeededRandom(5);
        const int Draws = 6000;
        var counts = Enumerable.Range(0, Draws).GroupBy(_ => space.Draw(random)).ToDictionary(group => group.Key, group => group.Count());

        Assert.Equal(space.All().Order(), counts.Keys.Order());
        var expected = (double)Draws / counts.Count;
        Assert.InRange(counts.Values.Sum(count => Math.Pow(count - expected, 2) / expected), 0, 20); // χ² of 3 degrees of freedom
    }

    [Fact]
    public void Space_OfManyModules_IsQuickAndCounted()
    {
        Assert.Equal(2704156, SkipSpace.Of(24, 12).Count);
        var space = new SkipSpace([.. Enumerable.Repeat("text", 32)], SkipTarget.Saving(100, [.. Enumerable.Range(0, 32).Select(i => i % 2 == 0 ? 7L : 14L)]), new([0, 31], 4, 3));
        Assert.True(space.Count > 1000);
        Assert.True(space.Contains(space.Draw(new SeededRandom(1))));
        Assert.True(space.Contains(space.ByScore([.. Enumerable.Range(0, 32).Select(i => (double)i)]).First()));
    }

    [Fact]
    public void Space_ThatIsEmpty_SaysSo()
    {
        var space = new SkipSpace(["a", "a"], SkipTarget.Modules(2), new([1]));
        Assert.Equal((0, 0), (space.Count, space.MostSkipped));
        Assert.Empty(space.All());
        Assert.Empty(space.ByScore([1, 2]));
        Assert.Throws<InvalidOperationException>(() => space.Draw(new SeededRandom(1)));
        Assert.Equal(0, new SkipSpace(["a"], SkipTarget.Modules(0), new([], KeptPerStream: 2)).Count);
    }

    private sealed record Rules(string[] Streams, int? Count, long Needed, long[] Savings, int[] Never, int Kept, int? InARow)
    {
        internal int Modules => Streams.Length;

        internal static Rules Draw(int seed)
        {
            var random = SeededRandom.Derive(seed, "tests/rules");
            var modules = random.Next(1, 9);
            return new Rules(
                [.. Enumerable.Range(0, modules).Select(_ => random.Next(2) == 0 ? "text" : "image")],
                random.Next(2) == 0 ? random.Next(0, modules + 1) : null,
                random.Next(1, 12),
                [.. Enumerable.Range(0, modules).Select(_ => (long)random.Next(0, 5))],
                [.. Enumerable.Range(0, modules).Where(_ => random.Next(6) == 0)],
                random.Next(0, 3),
                random.Next(2) == 0 ? random.Next(0, 4) : null);
        }

        internal SkipSpace Space() =>
            new(Streams, Count is { } count ? SkipTarget.Modules(count) : SkipTarget.Saving(Needed, Savings), new(Never, Kept, InARow));

        internal IEnumerable<Subnetwork> Subsets() => Enumerable.Range(0, 1 << Modules)
            .Select(bits => new Subnetwork(Modules, Enumerable.Range(0, Modules).Where(i => (bits >> i & 1) != 0)));

        internal List<Subnetwork> Listed() => [.. Subsets().Where(Keeps).Order()];

        private bool Keeps(Subnetwork set)
        {
            var saved = set.Skipped.Sum(i => Savings[i]);
            var enough = Count is { } count
                ? set.Count == count
                : saved >= Needed && set.Skipped.All(i => saved - Savings[i] < Needed && Savings[i] > 0);
            return enough
                && !set.Skipped.Any(Never.Contains)
                && Streams.Distinct().All(stream =>
                {
                    var own = Enumerable.Range(0, Modules).Where(i => Streams[i] == stream).ToList();
                    return own.Count(i => !set.Contains(i)) >= Kept
                        && (InARow is not { } most || !string.Concat(own.Select(i => set.Contains(i) ? 's' : 'k')).Contains(new string('s', most + 1), StringComparison.Ordinal));
                });
        }
    }
}
