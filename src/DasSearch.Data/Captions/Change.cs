using DasSearch.Data.Scenes;

namespace DasSearch.Data.Captions;

/// <summary>Which one attribute tells two scenes apart.</summary>
internal enum ChangeKind
{
    /// <summary>The first attribute of one cell's item: FashionVL's colour.</summary>
    First,

    /// <summary>The second attribute of one cell's item: FashionVL's product.</summary>
    Second,

    /// <summary>The places of two cells.</summary>
    Swap,
}

/// <summary>A scene and its twin, which differs from it in one attribute; each is the other's twin.</summary>
/// <param name="Kind">What differs.</param>
/// <param name="First">The cell in which they differ.</param>
/// <param name="Second">The other cell of a swap; without meaning otherwise.</param>
/// <param name="Original">The scene.</param>
/// <param name="Twin">The other scene, never equal to it.</param>
internal readonly record struct Change<TItem>(ChangeKind Kind, Position First, Position Second, Scene<TItem> Original, Scene<TItem> Twin)
    where TItem : IEquatable<TItem>
{
    /// <summary>Draws a change of a scene: the three kinds are equally likely where the scene has two different cells.</summary>
    public static Change<TItem> Draw(IWorld<TItem> world, Scene<TItem> scene, Random random)
    {
        var kind = (ChangeKind)random.Next(3);
        var first = Positions.Draw(random);
        var second = first.Other(random);
        if (kind == ChangeKind.Swap && scene[first].Equals(scene[second]))
        {
            // Another pair may differ; where none does, an attribute changes instead.
            (first, second) = Different(scene);
            kind = first == second ? ChangeKind.First : kind;
        }

        var twin = kind == ChangeKind.Swap ? scene.Swap(first, second) : scene.With(first, world.Changed(scene[first], kind, random));
        return new Change<TItem>(kind, first, second == first ? first.Other(random) : second, scene, twin);
    }

    /// <summary>The same two scenes with their parts exchanged.</summary>
    public Change<TItem> Reverse() => this with { Original = Twin, Twin = Original };

    private static (Position First, Position Second) Different(Scene<TItem> scene)
    {
        for (var position = Position.TopRight; position <= Position.BottomRight; position++)
        {
            if (!scene[position].Equals(scene.TopLeft))
            {
                return (Position.TopLeft, position);
            }
        }

        return (Position.TopLeft, Position.TopLeft);
    }
}
