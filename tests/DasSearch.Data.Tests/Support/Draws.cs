using DasSearch.Core;
using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Data.Tests.Support;

/// <summary>Properties that hold whatever the seed.</summary>
internal static class Draws
{
    /// <summary>Checks something for many seeds.</summary>
    public static void ForAll(Func<SeededRandom, bool> property, int times = 2000) =>
        Prop.ForAll<long>(seed => property(new SeededRandom(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithEndSize(1 << 30));

    /// <summary>Makes something from each of many seeds that never change.</summary>
    public static IEnumerable<T> Of<T>(int count, Func<SeededRandom, T> make) =>
        Enumerable.Range(0, count).Select(seed => make(new SeededRandom(seed)));
}
