using DasSearch.Data.Captions;
using DasSearch.Data.Scenes;

namespace DasSearch.Data.FashionVl;

/// <summary>Products in colours: the same in every split.</summary>
internal sealed class FashionWorld : IWorld<Cell>
{
    public static FashionWorld Instance { get; } = new();

    public IReadOnlyList<Aspect<Cell>> Aspects { get; } =
    [
        new("has", "colour", static (one, other) => one.Colour == other.Colour, static (model, cell, _) => cell with { Colour = model.Colour }),
        new("shows", "kind of item", static (one, other) => one.Product == other.Product, static (model, cell, _) => cell with { Product = model.Product }),
    ];

    public IReadOnlyList<Cell> Items { get; } =
        [.. Enumerable.Range(0, Cell.Kinds).Select(static kind => new Cell((Product)(kind / Colours.Count), (Colour)(kind % Colours.Count)))];

    public Cell Draw(Random random) => Cell.Draw(random);

    public Scene<Cell> Pooled(Random random)
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

        var scene = default(Scene<Cell>);
        for (var position = 0; position < Positions.Count; position++)
        {
            var cell = new Cell(products[random.Next(products.Length)], colours[random.Next(colours.Length)]);
            scene = scene.With((Position)position, cell);
        }

        return scene;
    }

    // Where a filter names both product and colour, half of the cells that do not match share one of them.
    public Cell Outside(Cell item, IFilter<Cell> one, IFilter<Cell> other, Random random)
    {
        if (one is ItemFilter { Product: { } product, Colour: { } colour })
        {
            item = random.Next(4) switch
            {
                0 => item with { Product = product },
                1 => item with { Colour = colour },
                _ => item,
            };
        }

        while (one.Matches(item) || other.Matches(item))
        {
            item = Cell.Draw(random);
        }

        return item;
    }

    public Cell Changed(Cell item, ChangeKind kind, Random random) => kind == ChangeKind.First
        ? item with { Colour = item.Colour.Other(random) }
        : item with { Product = item.Product.Other(random) };

    public IEnumerable<Cell> Neighbours(Cell item, IFilter<Cell> filter, Random random)
    {
        for (var i = 0; i < Colours.Count + Products.Count; i++)
        {
            var neighbour = i < Colours.Count ? item with { Colour = (Colour)i } : item with { Product = (Product)(i - Colours.Count) };
            if (neighbour != item)
            {
                yield return neighbour;
            }
        }
    }

    public IFilter<Cell> Stated(Random random)
    {
        var product = Products.Draw(random);
        var colour = Colours.Draw(random);
        return random.Next(3) switch
        {
            0 => new ItemFilter(product, null),
            1 => new ItemFilter(null, colour),
            _ => new ItemFilter(product, colour),
        };
    }

    public IFilter<Cell> Telling(ChangeKind kind, Cell item) =>
        kind == ChangeKind.First ? new ItemFilter(null, item.Colour) : new ItemFilter(item.Product, null);

    public IFilter<Cell> Exactly(Cell item) => new ItemFilter(item.Product, item.Colour);
}

/// <summary>The cells that are of a product, of a colour, or of both.</summary>
/// <param name="Product">The product wanted; null for any.</param>
/// <param name="Colour">The colour wanted; null for any.</param>
internal sealed record ItemFilter(Product? Product, Colour? Colour) : IFilter<Cell>
{
    public bool Matches(Cell item) => (Product ?? item.Product) == item.Product && (Colour ?? item.Colour) == item.Colour;

    public Cell Force(Cell item, Random random) => new(Product ?? item.Product, Colour ?? item.Colour);

    public IFilter<Cell> Like(Cell item) => new ItemFilter(Product is null ? null : item.Product, Colour is null ? null : item.Colour);

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
