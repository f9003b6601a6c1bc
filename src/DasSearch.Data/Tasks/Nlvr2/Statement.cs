using DasSearch.Data.Scenes;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks.Nlvr2;

/// <summary>A statement about a left and a right scene.</summary>
/// <param name="Kind">What is stated.</param>
/// <param name="Wording">Which of the kind's two wordings, 0 or 1.</param>
/// <param name="Filter">What is looked for or counted; without meaning where a position is compared.</param>
/// <param name="Total">How many there are in both scenes together, from 1 to 6.</param>
/// <param name="Position">The position compared.</param>
internal readonly record struct Statement(StatementKind Kind, int Wording, ItemFilter Filter, int Total, Position Position)
{
    public const int Kinds = 8;

    /// <summary>The highest total that is stated.</summary>
    public const int MostInTotal = Numbers.Most;

    /// <summary>The most tokens of a statement, with the two that frame it.</summary>
    public const int MostTokens = 15;

    /// <summary>Draws a statement; no scene has been drawn yet, so its text cannot give the truth away.</summary>
    public static Statement Draw(Random random)
    {
        var product = Products.Draw(random);
        var colour = Colours.Draw(random);
        var filter = random.Next(3) switch
        {
            0 => new ItemFilter(product, null),
            1 => new ItemFilter(null, colour),
            _ => new ItemFilter(product, colour),
        };
        return new Statement(
            (StatementKind)random.Next(Kinds), random.Next(2), filter, 1 + random.Next(MostInTotal), Positions.Draw(random));
    }

    /// <summary>The statement in words.</summary>
    public string Text => (Kind, Wording) switch
    {
        (StatementKind.Both, 0) => $"both scenes show a {Filter.Singular}.",
        (StatementKind.Both, _) => $"there is a {Filter.Singular} in each scene.",
        (StatementKind.OnlyOne, 0) => $"only one scene shows a {Filter.Singular}.",
        (StatementKind.OnlyOne, _) => $"there is a {Filter.Singular} in exactly one scene.",
        (StatementKind.Neither, 0) => $"neither scene shows a {Filter.Singular}.",
        (StatementKind.Neither, _) => $"there is no {Filter.Singular} in the scenes.",
        (StatementKind.Total, 0) => $"the total number of {Filter.Plural} is {Numbers.Word(Total)}.",
        (StatementKind.Total, _) => $"both scenes together show {Numbers.Word(Total)} {Filter.Plural}.",
        (StatementKind.MoreLeft, 0) => $"the left scene has more {Filter.Plural} than the right.",
        (StatementKind.MoreLeft, _) => $"there are more {Filter.Plural} in the left scene.",
        (StatementKind.MoreRight, 0) => $"the right scene has more {Filter.Plural} than the left.",
        (StatementKind.MoreRight, _) => $"there are more {Filter.Plural} in the right scene.",
        (StatementKind.SameColour, 0) => $"the {Position.Phrase()} has the same colour in both scenes.",
        (StatementKind.SameColour, _) => $"both scenes show the same colour in the {Position.Phrase()}.",
        (StatementKind.SameProduct, 0) => $"the {Position.Phrase()} shows the same kind of item in both scenes.",
        _ => $"both scenes show the same kind of item in the {Position.Phrase()}.",
    };

    /// <summary>Whether the statement is true.</summary>
    public bool Holds(Scene left, Scene right)
    {
        var (lefts, rights) = (Filter.Count(left), Filter.Count(right));
        return Kind switch
        {
            StatementKind.Both => lefts > 0 && rights > 0,
            StatementKind.OnlyOne => lefts > 0 != rights > 0,
            StatementKind.Neither => lefts + rights == 0,
            StatementKind.Total => lefts + rights == Total,
            StatementKind.MoreLeft => lefts > rights,
            StatementKind.MoreRight => rights > lefts,
            StatementKind.SameColour => left[Position].Colour == right[Position].Colour,
            _ => left[Position].Product == right[Position].Product,
        };
    }
}

/// <summary>What is stated about two scenes.</summary>
internal enum StatementKind
{
    /// <summary>Each scene shows something.</summary>
    Both,

    /// <summary>One scene shows something and the other does not.</summary>
    OnlyOne,

    /// <summary>Neither scene shows something.</summary>
    Neither,

    /// <summary>How many there are in both together.</summary>
    Total,

    /// <summary>The left scene has more of something than the right one.</summary>
    MoreLeft,

    /// <summary>The right scene has more of something than the left one.</summary>
    MoreRight,

    /// <summary>One position has the same colour in both.</summary>
    SameColour,

    /// <summary>One position shows the same product in both.</summary>
    SameProduct,
}
