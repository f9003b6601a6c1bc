namespace DasSearch.Data.Scenes;

/// <summary>What a photo is tinted with.</summary>
internal enum Colour : byte
{
    Red,
    Green,
    Blue,
    Yellow,
    Purple,
}

/// <summary>The colours' words and lights.</summary>
internal static class Colours
{
    public const int Count = 5;

    private static readonly string[] Words = ["red", "green", "blue", "yellow", "purple"];

    // A white pixel's red, green and blue: told apart by eye, and pairwise at least 0.5 apart.
    private static readonly float[] Lights =
    [
        1.00f, 0.15f, 0.15f,
        0.10f, 0.85f, 0.20f,
        0.20f, 0.40f, 1.00f,
        1.00f, 0.90f, 0.10f,
        0.75f, 0.20f, 0.95f,
    ];

    public static string Word(this Colour colour) => Words[(int)colour];

    /// <summary>Red, green and blue of a white pixel, each in [0, 1].</summary>
    public static ReadOnlySpan<float> Light(this Colour colour) => Lights.AsSpan(3 * (int)colour, 3);

    public static Colour Draw(Random random) => (Colour)random.Next(Count);

    /// <summary>Any colour but the given one.</summary>
    public static Colour Other(this Colour colour, Random random) => (Colour)(((int)colour + 1 + random.Next(Count - 1)) % Count);
}
