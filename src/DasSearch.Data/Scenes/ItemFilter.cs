namespace DasSearch.Data.Scenes;

/// <summary>The cells that are of a product, of a colour, or of both.</summary>
/// <param name="Product">The product wanted; null for any.</param>
/// <param name="Colour">The colour wanted; null for any.</param>
internal readonly record struct ItemFilter(Product? Product, Colour? Colour)
{
    public bool Matches(Cell cell) => (Product ?? cell.Product) == cell.Product && (Colour ?? cell.Colour) == cell.Colour;

    /// <summary>The cell, changed as little as it takes to match.</summary>
    public Cell Force(Cell cell) => new(Product ?? cell.Product, Colour ?? cell.Colour);

    /// <summary>The filter of the same attributes that a cell matches.</summary>
    public ItemFilter Like(Cell cell) => new(Product is null ? null : cell.Product, Colour is null ? null : cell.Colour);

    /// <summary>How many cells of a scene match.</summary>
    public int Count(Scene scene)
    {
        var count = 0;
        for (var position = 0; position < Positions.Count; position++)
        {
            count += Matches(scene[(Position)position]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Such as <c>dresses</c>, <c>red items</c> or <c>red dresses</c>.</summary>
    public string Plural => (Product, Colour) switch
    {
        ({ } product, { } colour) => $"{colour.Word()} {product.Plural()}",
        ({ } product, null) => product.Plural(),
        (null, { } colour) => $"{colour.Word()} items",
        _ => "items",
    };

    /// <summary>Such as <c>dress</c>, <c>red item</c> or <c>red dress</c>.</summary>
    public string Singular => (Product, Colour) switch
    {
        ({ } product, { } colour) => $"{colour.Word()} {product.Word()}",
        ({ } product, null) => product.Word(),
        (null, { } colour) => $"{colour.Word()} item",
        _ => "item",
    };
}
