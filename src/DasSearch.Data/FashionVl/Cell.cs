namespace DasSearch.Data.FashionVl;

/// <summary>What is seen in one cell: a product in a colour.</summary>
internal readonly record struct Cell(Product Product, Colour Colour)
{
    /// <summary>How many different cells there are.</summary>
    public const int Kinds = Products.Count * Colours.Count;

    public static Cell Draw(Random random) => new(Products.Draw(random), Colours.Draw(random));

    /// <summary>Such as <c>a red dress</c>.</summary>
    public override string ToString() => $"a {Colour.Word()} {Product.Word()}";
}

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

/// <summary>What a photo shows, in the order of Fashion-MNIST's labels.</summary>
internal enum Product : byte
{
    TShirt,
    Trouser,
    Pullover,
    Dress,
    Coat,
    Sandal,
    Shirt,
    Sneaker,
    Bag,
    Boot,
}

/// <summary>The products' words: one token each, and another for several.</summary>
internal static class Products
{
    public const int Count = 10;

    private static readonly string[] One = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];

    private static readonly string[] Several =
        ["t-shirts", "trousers", "pullovers", "dresses", "coats", "sandals", "shirts", "sneakers", "bags", "boots"];

    public static string Word(this Product product) => One[(int)product];

    public static string Plural(this Product product) => Several[(int)product];

    public static Product Draw(Random random) => (Product)random.Next(Count);

    /// <summary>Any product but the given one.</summary>
    public static Product Other(this Product product, Random random) => (Product)(((int)product + 1 + random.Next(Count - 1)) % Count);
}
