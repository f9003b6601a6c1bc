namespace DasSearch.Data.Scenes;

/// <summary>Draws scenes: pure functions of the random stream.</summary>
internal static class SceneSampler
{
    /// <summary>Four cells that know nothing of each other: every scene is equally likely where every item is.</summary>
    public static Scene<TItem> Independent<TItem>(this IWorld<TItem> world, Random random)
        where TItem : IEquatable<TItem> =>
        new(world.Draw(random), world.Draw(random), world.Draw(random), world.Draw(random));

    /// <summary>A scene in which exactly <paramref name="count"/> cells match a filter.</summary>
    /// <param name="world">What there is.</param>
    /// <param name="filter">What matches; it leaves something out.</param>
    /// <param name="count">From 0 to 4.</param>
    /// <param name="random">The stream.</param>
    public static Scene<TItem> WithCount<TItem>(this IWorld<TItem> world, IFilter<TItem> filter, int count, Random random)
        where TItem : IEquatable<TItem> =>
        world.WithCounts(filter, count, filter, 0, random);

    /// <summary>A scene in which exactly so many cells match one filter, and so many another; none may match both.</summary>
    public static Scene<TItem> WithCounts<TItem>(this IWorld<TItem> world, IFilter<TItem> one, int ones, IFilter<TItem> other, int others, Random random)
        where TItem : IEquatable<TItem>
    {
        var scene = world.Pooled(random);
        Span<Position> order = [Position.TopLeft, Position.TopRight, Position.BottomLeft, Position.BottomRight];
        Shuffler.Shuffle(order, random);
        for (var i = 0; i < order.Length; i++)
        {
            var item = scene[order[i]];
            scene = scene.With(
                order[i],
                i < ones ? one.Force(item, random)
                : i < ones + others ? other.Force(item, random)
                : world.Outside(item, one, other, random));
        }

        return scene;
    }
}
