namespace DasSearch.Data.Scenes;

/// <summary>What is seen in one cell: a product in a colour.</summary>
internal readonly record struct Cell(Product Product, Colour Colour)
{
    /// <summary>How many different cells there are.</summary>
    public const int Kinds = Products.Count * Colours.Count;

    public static Cell Draw(Random random) => new(Products.Draw(random), Colours.Draw(random));

    /// <summary>Such as <c>a red dress</c>.</summary>
    public override string ToString() => $"a {Colour.Word()} {Product.Word()}";
}
