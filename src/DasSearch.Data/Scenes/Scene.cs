namespace DasSearch.Data.Scenes;

/// <summary>A 2×2 grid of items, without the pictures that will show them.</summary>
/// <typeparam name="TItem">What a cell shows; its <see cref="object.ToString"/> is what captions call it, article included.</typeparam>
internal readonly record struct Scene<TItem>(TItem TopLeft, TItem TopRight, TItem BottomLeft, TItem BottomRight)
    where TItem : IEquatable<TItem>
{
    public TItem this[Position position] => position switch
    {
        Position.TopLeft => TopLeft,
        Position.TopRight => TopRight,
        Position.BottomLeft => BottomLeft,
        Position.BottomRight => BottomRight,
        _ => throw new ArgumentOutOfRangeException(nameof(position), position, "A scene has four cells."),
    };

    /// <summary>The scene with one cell replaced.</summary>
    public Scene<TItem> With(Position position, TItem item) => position switch
    {
        Position.TopLeft => this with { TopLeft = item },
        Position.TopRight => this with { TopRight = item },
        Position.BottomLeft => this with { BottomLeft = item },
        Position.BottomRight => this with { BottomRight = item },
        _ => throw new ArgumentOutOfRangeException(nameof(position), position, "A scene has four cells."),
    };

    /// <summary>The scene with two cells exchanged.</summary>
    public Scene<TItem> Swap(Position one, Position other) => With(one, this[other]).With(other, this[one]);
}

/// <summary>A cell of the 2×2 grid, in reading order.</summary>
internal enum Position : byte
{
    TopLeft,
    TopRight,
    BottomLeft,
    BottomRight,
}

/// <summary>The positions' words and neighbours.</summary>
internal static class Positions
{
    public const int Count = 4;

    private static readonly string[] Words = ["top left", "top right", "bottom left", "bottom right"];

    public static string Phrase(this Position position) => Words[(int)position];

    public static int Row(this Position position) => (int)position >> 1;

    public static int Column(this Position position) => (int)position & 1;

    /// <summary>The other cell of the same row.</summary>
    public static Position Beside(this Position position) => (Position)((int)position ^ 1);

    /// <summary>The other cell of the same column.</summary>
    public static Position Across(this Position position) => (Position)((int)position ^ 2);

    public static Position Draw(Random random) => (Position)random.Next(Count);

    /// <summary>Any position but the given one.</summary>
    public static Position Other(this Position position, Random random) =>
        (Position)(((int)position + 1 + random.Next(Count - 1)) % Count);
}
