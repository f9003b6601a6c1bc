using DasSearch.Data.Scenes;

namespace DasSearch.Data.Tasks.Vqa;

/// <summary>Draws the scenes that questions are about, every answer to a question being equally likely.</summary>
internal static class QuestionScenes
{
    // Of the scenes that show what is asked for, so many in ten show it once, twice and three times.
    private const int Once = 6;
    private const int Twice = 9;

    /// <summary>For questions whether something is there.</summary>
    public static Scene<TItem> Existing<TItem>(this IWorld<TItem> world, IFilter<TItem> filter, Random random)
        where TItem : IEquatable<TItem> =>
        world.WithCount(filter, random.Next(2) == 0 ? 0 : Some(random), random);

    /// <summary>For questions how many there are.</summary>
    public static Scene<TItem> Counted<TItem>(this IWorld<TItem> world, IFilter<TItem> filter, Random random)
        where TItem : IEquatable<TItem> =>
        world.WithCount(filter, random.Next(Positions.Count + 1), random);

    /// <summary>For questions whether there are more, fewer or as many of one as of another.</summary>
    public static Scene<TItem> Compared<TItem>(this IWorld<TItem> world, IFilter<TItem> filter, Relation relation, IFilter<TItem> with, Random random)
        where TItem : IEquatable<TItem>
    {
        var isTrue = random.Next(2) == 0;
        int one, other;
        do
        {
            one = random.Next(Positions.Count + 1);
            other = random.Next(Positions.Count + 1 - one);
        }
        while (one + other == 0 || relation.Holds(one, other) != isTrue);

        return world.WithCounts(filter, one, with, other, random);
    }

    private static int Some(Random random) => random.Next(10) switch
    {
        < Once => 1,
        < Twice => 2,
        _ => 3,
    };
}
