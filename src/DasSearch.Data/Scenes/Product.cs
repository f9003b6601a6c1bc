namespace DasSearch.Data.Scenes;

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
