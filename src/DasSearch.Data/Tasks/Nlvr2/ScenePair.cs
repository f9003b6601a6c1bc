using DasSearch.Data.Scenes;

namespace DasSearch.Data.Tasks.Nlvr2;

/// <summary>The two scenes of a statement.</summary>
internal readonly record struct ScenePair<TItem>(Scene<TItem> Left, Scene<TItem> Right)
    where TItem : IEquatable<TItem>
{
    /// <summary>Two scenes of which a statement is true.</summary>
    public static ScenePair<TItem> TrueOf(IWorld<TItem> world, Statement<TItem> statement, Random random)
    {
        var (lefts, rights) = Counts(statement, random);
        if (lefts is { } left && rights is { } right)
        {
            return new ScenePair<TItem>(world.WithCount(statement.Filter, left, random), world.WithCount(statement.Filter, right, random));
        }

        var (one, other) = (world.Pooled(random), world.Pooled(random));
        var copy = statement.Aspect.Copy(one[statement.Position], other[statement.Position], random);
        return new ScenePair<TItem>(one, other.With(statement.Position, copy));
    }

    /// <summary>The pair with one attribute of one cell changed so that the statement becomes false; null where none does.</summary>
    public ScenePair<TItem>? Falsified(IWorld<TItem> world, Statement<TItem> statement, Random random)
    {
        var found = default(ScenePair<TItem>?);
        var seen = 0;
        foreach (var changed in OneAttributeAway(world, statement.Filter, random))
        {
            // Each is kept with probability 1 / (those seen so far), so that all are equally likely.
            if (!statement.Holds(changed.Left, changed.Right) && random.Next(++seen) == 0)
            {
                found = changed;
            }
        }

        return found;
    }

    private IEnumerable<ScenePair<TItem>> OneAttributeAway(IWorld<TItem> world, IFilter<TItem> filter, Random random)
    {
        for (var place = 0; place < 2 * Positions.Count; place++)
        {
            var position = (Position)(place % Positions.Count);
            var isLeft = place < Positions.Count;
            var scene = isLeft ? Left : Right;
            foreach (var changed in world.Neighbours(scene[position], filter, random))
            {
                var other = scene.With(position, changed);
                yield return isLeft ? this with { Left = other } : this with { Right = other };
            }
        }
    }

    // How many cells match on either side; null where the statement counts nothing.
    private static (int? Left, int? Right) Counts(Statement<TItem> statement, Random random)
    {
        switch (statement.Kind)
        {
            case StatementKind.Both:
                return EitherWay(1, 1 + random.Next(2), random);
            case StatementKind.OnlyOne:
                return EitherWay(0, 1 + random.Next(2), random);
            case StatementKind.Neither:
                return (0, 0);
            case StatementKind.Total:
                var fewest = Math.Max(0, statement.Total - Positions.Count);
                var left = random.Next(fewest, Math.Min(Positions.Count, statement.Total) + 1);
                return (left, statement.Total - left);
            case StatementKind.MoreLeft or StatementKind.MoreRight:
                var fewer = random.Next(Positions.Count);
                return statement.Kind == StatementKind.MoreLeft ? (fewer + 1, fewer) : (fewer, fewer + 1);
            default:
                return (null, null);
        }
    }

    private static (int? Left, int? Right) EitherWay(int one, int other, Random random) =>
        random.Next(2) == 0 ? (one, other) : (other, one);
}
