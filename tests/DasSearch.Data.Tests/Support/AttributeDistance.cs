using System.Text.RegularExpressions;

namespace DasSearch.Data.Tests.Support;

/// <summary>Compares captions by their words.</summary>
internal static class AttributeDistance
{
    private static readonly string[] Colours = ["red", "green", "blue", "yellow", "purple"];
    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four"];
    private static readonly string[] Presence = ["a", "no"];
    private static readonly string[] Comparisons = ["more", "fewer", "as-many"];
    private static readonly string[] Products =
        ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];

    /// <summary>
    /// Whether two captions differ in one colour, product, number, presence or comparison, or in the places of two items, and in
    /// nothing else.
    /// </summary>
    public static bool IsOne(string caption, string other)
    {
        var (one, two) = (Words(caption), Words(other));
        if (one.Length != two.Length)
        {
            return false;
        }

        var differing = Enumerable.Range(0, one.Length).Where(i => one[i] != two[i]).ToArray();
        return differing switch
        {
            [] => false,
            [var place] => IsChange(one[place], two[place]),
            _ => IsExchange(Items(one), Items(two)) && Frame(one).SequenceEqual(Frame(two)),
        };
    }

    private static string[] Words(string text) =>
        Regex.Replace(text, "as many (.+) as ", "as-many $1 than ")
            .Replace(",", " ,", StringComparison.Ordinal)
            .Replace(".", " .", StringComparison.Ordinal)
            .Split(' ');

    private static bool IsChange(string one, string other) =>
        (Colours.Contains(one) && Colours.Contains(other))
        || (Products.Contains(one) && Products.Contains(other))
        || (Presence.Contains(one) && Presence.Contains(other))
        || (Comparisons.Contains(one) && Comparisons.Contains(other))
        || Math.Abs(Array.IndexOf(Numbers, one) - Array.IndexOf(Numbers, other)) == 1;

    private static bool IsExchange(string[] one, string[] other)
    {
        var differing = Enumerable.Range(0, one.Length).Where(i => one[i] != other[i]).ToArray();
        return differing.Length == 2 && one[differing[0]] == other[differing[1]] && one[differing[1]] == other[differing[0]];
    }

    private static string[] Items(string[] words) =>
        [.. Enumerable.Range(0, words.Length).Where(i => Colours.Contains(words[i])).Select(i => $"{words[i]} {words[i + 1]}")];

    private static IEnumerable<string> Frame(string[] words) => words.Where(word => !Colours.Contains(word) && !Products.Contains(word));
}
