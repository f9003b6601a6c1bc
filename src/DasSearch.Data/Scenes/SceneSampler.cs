namespace DasSearch.Data.Scenes;

/// <summary>Draws scenes: pure functions of the random stream.</summary>
internal static class SceneSampler
{
    /// <summary>Four cells that know nothing of each other: every scene is equally likely.</summary>
    public static Scene Independent(Random random) =>
        new(Cell.Draw(random), Cell.Draw(random), Cell.Draw(random), Cell.Draw(random));

    /// <summary>Four cells out of at most a few products and colours, so that items repeat and counting is worth while.</summary>
    public static Scene Pooled(Random random)
    {
        Span<Product> products = stackalloc Product[1 + random.Next(Positions.Count)];
        Span<Colour> colours = stackalloc Colour[1 + random.Next(Positions.Count)];
        foreach (ref var product in products)
        {
            product = Products.Draw(random);
        }

        foreach (ref var colour in colours)
        {
            colour = Colours.Draw(random);
        }

        var scene = default(Scene);
        for (var position = 0; position < Positions.Count; position++)
        {
            var cell = new Cell(products[random.Next(products.Length)], colours[random.Next(colours.Length)]);
            scene = scene.With((Position)position, cell);
        }

        return scene;
    }

    /// <summary>A scene in which exactly <paramref name="count"/> cells match a filter.</summary>
    /// <remarks>
    /// Where a filter names both product and colour, half of the cells that do not match share one of them, so that
    /// neither alone gives the match away.
    /// </remarks>
    /// <param name="filter">What matches; it leaves something out.</param>
    /// <param name="count">From 0 to 4.</param>
    /// <param name="random">The stream.</param>
    public static Scene WithCount(ItemFilter filter, int count, Random random) => WithCounts(filter, count, filter, 0, random);

    /// <summary>A scene in which exactly so many cells match one filter, and so many another; none may match both.</summary>
    public static Scene WithCounts(ItemFilter one, int ones, ItemFilter other, int others, Random random)
    {
        var scene = Pooled(random);
        Span<Position> order = [Position.TopLeft, Position.TopRight, Position.BottomLeft, Position.BottomRight];
        Shuffler.Shuffle(order, random);
        for (var i = 0; i < order.Length; i++)
        {
            var cell = scene[order[i]];
            scene = scene.With(
                order[i],
                i < ones ? one.Force(cell) : i < ones + others ? other.Force(cell) : Outside(cell, one, other, random));
        }

        return scene;
    }

    private static Cell Outside(Cell cell, ItemFilter one, ItemFilter other, Random random)
    {
        if (one is { Product: { } product, Colour: { } colour })
        {
            cell = random.Next(4) switch
            {
                0 => cell with { Product = product },
                1 => cell with { Colour = colour },
                _ => cell,
            };
        }

        while (one.Matches(cell) || other.Matches(cell))
        {
            cell = Cell.Draw(random);
        }

        return cell;
    }
}

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
