using DasSearch.Data.Scenes;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks.Nlvr2;

/// <summary>A statement about a left and a right scene.</summary>
/// <param name="Kind">What is stated.</param>
/// <param name="Wording">Which of the kind's two wordings, 0 or 1.</param>
/// <param name="Filter">What is looked for or counted; without meaning where a position is compared.</param>
/// <param name="Total">How many there are in both scenes together, from 1 to 6.</param>
/// <param name="Position">The position compared.</param>
/// <param name="Aspect">What it is compared in; without meaning for other kinds.</param>
internal sealed record Statement<TItem>(StatementKind Kind, int Wording, IFilter<TItem> Filter, int Total, Position Position, Aspect<TItem> Aspect)
    where TItem : IEquatable<TItem>
{
    private const int Kinds = 8;

    /// <summary>Draws a statement; no scene has been drawn yet, so its text cannot give the truth away.</summary>
    public static Statement<TItem> Draw(IWorld<TItem> world, Random random)
    {
        var filter = world.Stated(random);
        var kind = (StatementKind)random.Next(Kinds);
        return new Statement<TItem>(
            kind, random.Next(2), filter, 1 + random.Next(Numbers.Most), Positions.Draw(random), world.Aspects[kind == StatementKind.SameFirst ? 0 : 1]);
    }

    /// <summary>Some statements, of which one has as many tokens as any.</summary>
    public static IEnumerable<string> Longest(IWorld<TItem> world, LongestNames<TItem> names) =>
        from kind in Enum.GetValues<StatementKind>()
        from wording in Enumerable.Range(0, 2)
        from filter in names.Filters
        from aspect in world.Aspects
        from total in Enumerable.Range(1, Numbers.Most)
        select new Statement<TItem>(kind, wording, filter, total, Position.BottomRight, aspect).Text;

    /// <summary>The statement in words.</summary>
    public string Text => (Kind, Wording) switch
    {
        (StatementKind.Both, 0) => $"both scenes show {Filter.One}.",
        (StatementKind.Both, _) => $"there is {Filter.One} in each scene.",
        (StatementKind.OnlyOne, 0) => $"only one scene shows {Filter.One}.",
        (StatementKind.OnlyOne, _) => $"there is {Filter.One} in exactly one scene.",
        (StatementKind.Neither, 0) => $"neither scene shows {Filter.One}.",
        (StatementKind.Neither, _) => $"there is no {Filter.Singular} in the scenes.",
        (StatementKind.Total, 0) => $"the total number of {Filter.Plural} is {Numbers.Word(Total)}.",
        (StatementKind.Total, _) => $"both scenes together show {Numbers.Word(Total)} {Filter.Plural}.",
        (StatementKind.MoreLeft, 0) => $"the left scene has more {Filter.Plural} than the right.",
        (StatementKind.MoreLeft, _) => $"there are more {Filter.Plural} in the left scene.",
        (StatementKind.MoreRight, 0) => $"the right scene has more {Filter.Plural} than the left.",
        (StatementKind.MoreRight, _) => $"there are more {Filter.Plural} in the right scene.",
        (_, 0) => $"the {Position.Phrase()} {Aspect.Verb} the same {Aspect.Words} in both scenes.",
        _ => $"both scenes show the same {Aspect.Words} in the {Position.Phrase()}.",
    };

    /// <summary>The items that the statement calls by their own names.</summary>
    public IEnumerable<TItem> Named => Kind is StatementKind.SameFirst or StatementKind.SameSecond ? [] : Filter.Named;

    /// <summary>Whether the statement is true.</summary>
    public bool Holds(Scene<TItem> left, Scene<TItem> right)
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
            _ => Aspect.AreAlike(left[Position], right[Position]),
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

    /// <summary>The items at one position have the first attribute in common.</summary>
    SameFirst,

    /// <summary>The items at one position have the second attribute in common.</summary>
    SameSecond,
}
