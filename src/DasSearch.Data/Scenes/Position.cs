namespace DasSearch.Data.Scenes;

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
