using DasSearch.Data.FashionVl;
using DasSearch.Data.Scenes;

namespace DasSearch.Data.Tests.Support;

/// <summary>What a cell shows, in the words of texts.</summary>
internal sealed record Item(string Colour, string Product)
{
    private static readonly string[] Places = ["top left", "top right", "bottom left", "bottom right"];

    /// <summary>The four items of a scene, in reading order.</summary>
    public static Item[] Of(Scene<Cell> scene) =>
        [.. new[] { scene.TopLeft, scene.TopRight, scene.BottomLeft, scene.BottomRight }.Select(cell =>
            new Item(Lower(cell.Colour), cell.Product == Data.FashionVl.Product.TShirt ? "t-shirt" : Lower(cell.Product)))];

    /// <summary>Reads <c>a red dress</c>.</summary>
    public static Item Parse(string text)
    {
        var words = text.Split(' ');
        Assert.Equal((3, "a"), (words.Length, words[0]));
        return new Item(words[1], words[2]);
    }

    public static int Place(string words)
    {
        var place = Array.IndexOf(Places, words);
        Assert.True(place >= 0, $"'{words}' is no position");
        return place;
    }

    /// <summary>Whether an item is what <c>red item</c>, <c>dresses</c> or <c>red dresses</c> says.</summary>
    public bool IsCalled(string name)
    {
        var words = name.Split(' ');
        return words switch
        {
            [var colour, "item" or "items"] => colour == Colour,
            [var colour, var product] => colour == Colour && IsProduct(product),
            [var product] => IsProduct(product),
            _ => throw new ArgumentException($"'{name}' names nothing."),
        };
    }

    private static string Lower(Enum name) => name.ToString().ToLowerInvariant();

    private bool IsProduct(string word) => word == Product || word == Product + "s" || word == Product + "es";
}
