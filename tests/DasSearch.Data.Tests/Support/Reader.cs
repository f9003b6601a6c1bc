using System.Text.RegularExpressions;

namespace DasSearch.Data.Tests.Support;

/// <summary>Understands the texts by their words alone, and knows nothing of how they were made.</summary>
internal static class Reader
{
    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six"];

    private const string One = "(a [a-z]+ [a-z-]+)";
    private const string At = "((?:top|bottom) (?:left|right))";
    private const string Name = "([a-z-]+(?: [a-z-]+)?)";

    /// <summary>Whether a caption is true of four items.</summary>
    public static bool IsTrue(string caption, Item[] scene) =>
        Match(caption, $"^{One} top left, {One} top right, {One} bottom left and {One} bottom right.$") is { } grid ? All(grid, scene)
        : Match(caption, $"^top left {One}, top right {One}, bottom left {One} and bottom right {One}.$") is { } places ? All(places, scene)
        : Match(caption, $"^{One} and {One} above {One} and {One}.$") is { } rows ? All(rows, scene)
        : Match(caption, $"^the top row shows {One} and {One}, the bottom row {One} and {One}.$") is { } named ? All(named, scene)
        : Match(caption, $"^there is {One} in the {At}.$") is { } there ? IsAt(there[1], there[0], scene)
        : Match(caption, $"^the {At} shows {One}.$") is { } shows ? IsAt(shows[0], shows[1], scene)
        : Match(caption, $"^there is {One} in the {At} and {One} in the {At}.$") is { } two
            ? IsAt(two[1], two[0], scene) && IsAt(two[3], two[2], scene)
        : Match(caption, $"^the {At} shows {One}, the {At} {One}.$") is { } pair ? IsAt(pair[0], pair[1], scene) && IsAt(pair[2], pair[3], scene)
        : Match(caption, $"^{One} is directly (left of|right of|above|below) {One}.$") is { } near ? IsNear(near[0], near[1], near[2], scene)
        : Match(caption, $"^(?:there is|one can see) {One} and {One}.$") is { } list ? list.All(item => scene.Contains(Item.Parse(item)))
        : Match(caption, $"^the number of {Name} is ([a-z]+).$") is { } number ? Count(number[0], scene) == Number(number[1])
        : Match(caption, $"^one can count ([a-z]+) {Name}.$") is { } count ? Count(count[1], scene) == Number(count[0])
        : Match(caption, $"^(?:there is|one can see) (a|no) {Name}.$") is { } some ? (some[0] == "a") == (Count(some[1], scene) > 0)
        : Match(caption, $"^(?:there are|one can see) as many {Name} as {Name}.$") is { } same ? Count(same[0], scene) == Count(same[1], scene)
        : Match(caption, $"^(?:there are|one can see) (more|fewer) {Name} than {Name}.$") is { } more
            ? (more[0] == "more" ? Count(more[1], scene) > Count(more[2], scene) : Count(more[1], scene) < Count(more[2], scene))
        : throw new FormatException($"No caption is worded like '{caption}'.");

    /// <summary>The answer to a question about four items.</summary>
    public static string Answer(string question, Item[] scene) =>
        Match(question, $"^(?:is there|can one see) a {Name}\\?$") is { } exists ? YesOrNo(Count(exists[0], scene) > 0)
        : Match(question, $"^how many {Name} are there\\?$") is { } many ? Numbers[Count(many[0], scene)]
        : Match(question, $"^what is the number of {Name}\\?$") is { } number ? Numbers[Count(number[0], scene)]
        : Match(question, $"^what colour is the {At} item\\?$") is { } colour ? scene[Item.Place(colour[0])].Colour
        : Match(question, $"^which colour does the {At} show\\?$") is { } tint ? scene[Item.Place(tint[0])].Colour
        : Match(question, $"^what is the {At} item\\?$") is { } product ? scene[Item.Place(product[0])].Product
        : Match(question, $"^which item does the {At} show\\?$") is { } item ? scene[Item.Place(item[0])].Product
        : Match(question, $"^(?:are there|can one see) as many {Name} as {Name}\\?$") is { } same
            ? YesOrNo(Count(same[0], scene) == Count(same[1], scene))
        : Match(question, $"^(?:are there|can one see) (more|fewer) {Name} than {Name}\\?$") is { } more
            ? YesOrNo(more[0] == "more" ? Count(more[1], scene) > Count(more[2], scene) : Count(more[1], scene) < Count(more[2], scene))
        : throw new FormatException($"No question is worded like '{question}'.");

    /// <summary>Whether a statement is true of two scenes.</summary>
    public static bool IsTrue(string statement, Item[] left, Item[] right) =>
        Match(statement, $"^both scenes show a {Name}.$|^there is a {Name} in each scene.$") is { } both
            ? Count(both[0], left) > 0 && Count(both[0], right) > 0
        : Match(statement, $"^only one scene shows a {Name}.$|^there is a {Name} in exactly one scene.$") is { } one
            ? new[] { left, right }.Count(scene => Count(one[0], scene) > 0) == 1
        : Match(statement, $"^neither scene shows a {Name}.$|^there is no {Name} in the scenes.$") is { } none
            ? Count(none[0], [.. left, .. right]) == 0
        : Match(statement, $"^the total number of {Name} is ([a-z]+).$") is { } total ? Count(total[0], [.. left, .. right]) == Number(total[1])
        : Match(statement, $"^both scenes together show ([a-z]+) {Name}.$") is { } sum ? Count(sum[1], [.. left, .. right]) == Number(sum[0])
        : Match(statement, $"^the left scene has more {Name} than the right.$|^there are more {Name} in the left scene.$") is { } lefts
            ? Count(lefts[0], left) > Count(lefts[0], right)
        : Match(statement, $"^the right scene has more {Name} than the left.$|^there are more {Name} in the right scene.$") is { } rights
            ? Count(rights[0], right) > Count(rights[0], left)
        : Match(statement, $"^the {At} has the same colour in both scenes.$|^both scenes show the same colour in the {At}.$") is { } colour
            ? left[Item.Place(colour[0])].Colour == right[Item.Place(colour[0])].Colour
        : Match(statement, $"^the {At} shows the same kind of item in both scenes.$|^both scenes show the same kind of item in the {At}.$") is { } kind
            ? left[Item.Place(kind[0])].Product == right[Item.Place(kind[0])].Product
        : throw new FormatException($"No statement is worded like '{statement}'.");

    private static string[]? Match(string text, string pattern)
    {
        var match = Regex.Match(text, pattern.Replace(".$", "\\.$", StringComparison.Ordinal));
        return match.Success ? [.. match.Groups.Values.Skip(1).Where(group => group.Success).Select(group => group.Value)] : null;
    }

    private static bool All(string[] items, Item[] scene) => items.Select(Item.Parse).SequenceEqual(scene);

    private static bool IsAt(string place, string item, Item[] scene) => scene[Item.Place(place)] == Item.Parse(item);

    private static bool IsNear(string first, string how, string second, Item[] scene)
    {
        var (one, other) = (Item.Parse(first), Item.Parse(second));
        return how switch
        {
            "left of" => (scene[0] == one && scene[1] == other) || (scene[2] == one && scene[3] == other),
            "right of" => (scene[1] == one && scene[0] == other) || (scene[3] == one && scene[2] == other),
            "above" => (scene[0] == one && scene[2] == other) || (scene[1] == one && scene[3] == other),
            _ => (scene[2] == one && scene[0] == other) || (scene[3] == one && scene[1] == other),
        };
    }

    private static int Count(string name, Item[] items) => items.Count(item => item.IsCalled(name));

    private static int Number(string word)
    {
        var number = Array.IndexOf(Numbers, word);
        Assert.True(number >= 0, $"'{word}' is no number");
        return number;
    }

    private static string YesOrNo(bool answer) => answer ? "yes" : "no";
}
