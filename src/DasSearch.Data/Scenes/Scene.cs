namespace DasSearch.Data.Scenes;

/// <summary>A 2×2 grid of cells, without the photos that will show them.</summary>
internal readonly record struct Scene(Cell TopLeft, Cell TopRight, Cell BottomLeft, Cell BottomRight)
{
    public Cell this[Position position] => position switch
    {
        Position.TopLeft => TopLeft,
        Position.TopRight => TopRight,
        Position.BottomLeft => BottomLeft,
        Position.BottomRight => BottomRight,
        _ => throw new ArgumentOutOfRangeException(nameof(position), position, "A scene has four cells."),
    };

    /// <summary>The scene with one cell replaced.</summary>
    public Scene With(Position position, Cell cell) => position switch
    {
        Position.TopLeft => this with { TopLeft = cell },
        Position.TopRight => this with { TopRight = cell },
        Position.BottomLeft => this with { BottomLeft = cell },
        Position.BottomRight => this with { BottomRight = cell },
        _ => throw new ArgumentOutOfRangeException(nameof(position), position, "A scene has four cells."),
    };

    /// <summary>The scene with two cells exchanged.</summary>
    public Scene Swap(Position one, Position other) => With(one, this[other]).With(other, this[one]);
}
