using DasSearch.Data.Scenes;

namespace DasSearch.Data.Captions;

/// <summary>Which one attribute tells two scenes apart.</summary>
internal enum ChangeKind
{
    /// <summary>One cell's colour.</summary>
    Colour,

    /// <summary>One cell's product.</summary>
    Product,

    /// <summary>The places of two cells.</summary>
    Swap,
}

/// <summary>A scene and its twin, which differs from it in one attribute; each is the other's twin.</summary>
/// <param name="Kind">What differs.</param>
/// <param name="First">The cell in which they differ.</param>
/// <param name="Second">The other cell of a swap; without meaning otherwise.</param>
/// <param name="Original">The scene.</param>
/// <param name="Twin">The other scene, never equal to it.</param>
internal readonly record struct Change(ChangeKind Kind, Position First, Position Second, Scene Original, Scene Twin)
{
    /// <summary>Draws a change of a scene: the three kinds are equally likely where the scene has two different cells.</summary>
    public static Change Draw(Scene scene, Random random)
    {
        var kind = (ChangeKind)random.Next(3);
        var first = Positions.Draw(random);
        var second = first.Other(random);
        if (kind == ChangeKind.Swap && scene[first] == scene[second])
        {
            // Another pair may differ; where none does, the colour changes instead.
            (first, second) = Different(scene);
            kind = first == second ? ChangeKind.Colour : kind;
        }

        var cell = scene[first];
        var twin = kind switch
        {
            ChangeKind.Colour => scene.With(first, cell with { Colour = cell.Colour.Other(random) }),
            ChangeKind.Product => scene.With(first, cell with { Product = cell.Product.Other(random) }),
            _ => scene.Swap(first, second),
        };
        return new Change(kind, first, second == first ? first.Other(random) : second, scene, twin);
    }

    /// <summary>The same two scenes with their parts exchanged.</summary>
    public Change Reverse() => this with { Original = Twin, Twin = Original };

    private static (Position First, Position Second) Different(Scene scene)
    {
        for (var position = Position.TopRight; position <= Position.BottomRight; position++)
        {
            if (scene[position] != scene.TopLeft)
            {
                return (Position.TopLeft, position);
            }
        }

        return (Position.TopLeft, Position.TopLeft);
    }
}
