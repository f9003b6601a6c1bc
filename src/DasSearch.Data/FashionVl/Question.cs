using DasSearch.Data.Scenes;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Vqa;
using DasSearch.Data.Text;

namespace DasSearch.Data.FashionVl;

/// <summary>A question about one scene.</summary>
/// <param name="Family">What kind of question.</param>
/// <param name="Wording">Which of the family's two wordings, 0 or 1.</param>
/// <param name="Filter">What is looked for or counted; without meaning where a position is asked about.</param>
/// <param name="Position">The position asked about.</param>
/// <param name="Other">What is compared with.</param>
/// <param name="Relation">How it is compared.</param>
internal sealed record Question(
    QuestionFamily Family, int Wording, ItemFilter Filter, Position Position, ItemFilter Other, Relation Relation)
{
    public const int Families = 7;

    /// <summary>Some questions, of which one has as many tokens as any.</summary>
    public static IEnumerable<string> Longest(LongestNames<Cell> names) =>
        from family in Enum.GetValues<QuestionFamily>()
        from wording in Enumerable.Range(0, 2)
        from relation in Enum.GetValues<Relation>()
        from attribute in new[] { names.First, names.Second }
        let filter = (ItemFilter)(family == QuestionFamily.ColouredExistence ? names.Exact : attribute)
        select new Question(family, wording, filter, Position.BottomRight, filter, relation).Text;

    /// <summary>Draws a question; no scene has been drawn yet.</summary>
    public static Question Draw(Random random)
    {
        var family = (QuestionFamily)random.Next(Families);
        var product = Products.Draw(random);
        var colour = Colours.Draw(random);
        var comparesProducts = random.Next(2) == 0;
        var filter = family switch
        {
            QuestionFamily.Existence or QuestionFamily.ProductCount => new ItemFilter(product, null),
            QuestionFamily.ColouredExistence => new ItemFilter(product, colour),
            QuestionFamily.Comparison when comparesProducts => new ItemFilter(product, null),
            _ => new ItemFilter(null, colour),
        };
        var other = comparesProducts ? new ItemFilter(product.Other(random), null) : new ItemFilter(null, colour.Other(random));
        return new Question(family, random.Next(2), filter, Positions.Draw(random), other, (Relation)random.Next(Relations.Count));
    }

    /// <summary>The question in words.</summary>
    public string Text => (Family, Wording) switch
    {
        (QuestionFamily.Existence or QuestionFamily.ColouredExistence, 0) => $"is there {One}?",
        (QuestionFamily.Existence or QuestionFamily.ColouredExistence, _) => $"can one see {One}?",
        (QuestionFamily.ProductCount or QuestionFamily.ColourCount, 0) => $"how many {Filter.Plural} are there?",
        (QuestionFamily.ProductCount or QuestionFamily.ColourCount, _) => $"what is the number of {Filter.Plural}?",
        (QuestionFamily.ColourAt, 0) => $"what colour is the {Position.Phrase()} item?",
        (QuestionFamily.ColourAt, _) => $"which colour does the {Position.Phrase()} show?",
        (QuestionFamily.ProductAt, 0) => $"what is the {Position.Phrase()} item?",
        (QuestionFamily.ProductAt, _) => $"which item does the {Position.Phrase()} show?",
        _ => Comparison,
    };

    private string One => ((IFilter<Cell>)Filter).One;

    private string Comparison => (Relation, Wording) switch
    {
        (Relation.AsMany, 0) => $"are there as many {Filter.Plural} as {Other.Plural}?",
        (Relation.AsMany, _) => $"can one see as many {Filter.Plural} as {Other.Plural}?",
        (_, 0) => $"are there {(Relation == Relation.More ? "more" : "fewer")} {Filter.Plural} than {Other.Plural}?",
        _ => $"can one see {(Relation == Relation.More ? "more" : "fewer")} {Filter.Plural} than {Other.Plural}?",
    };
}

/// <summary>The kinds of questions, each a seventh of them.</summary>
internal enum QuestionFamily
{
    /// <summary>Is there a product?</summary>
    Existence,

    /// <summary>Is there a product in a colour?</summary>
    ColouredExistence,

    /// <summary>How many of a product?</summary>
    ProductCount,

    /// <summary>How many of a colour?</summary>
    ColourCount,

    /// <summary>What colour is at a position?</summary>
    ColourAt,

    /// <summary>What product is at a position?</summary>
    ProductAt,

    /// <summary>Are there more, fewer or as many of one as of another?</summary>
    Comparison,
}

/// <summary>The closed list of answers, and the right one of a question about a scene.</summary>
internal static class Answers
{
    private const int No = 0;
    private const int Yes = 1;
    private const int FirstNumber = 2;
    private const int FirstColour = FirstNumber + Positions.Count + 1;
    private const int FirstProduct = FirstColour + Colours.Count;

    /// <summary>Every answer, the index being its place.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "no",
        "yes",
        .. Numbers.UpTo(Positions.Count),
        .. Enumerable.Range(0, Colours.Count).Select(colour => ((Colour)colour).Word()),
        .. Enumerable.Range(0, Products.Count).Select(product => ((Product)product).Word()),
    ];

    public static int Of(bool answer) => answer ? Yes : No;

    public static int Of(int number) => FirstNumber + number;

    public static int Of(Colour colour) => FirstColour + (int)colour;

    public static int Of(Product product) => FirstProduct + (int)product;

    /// <summary>The right answer's index.</summary>
    public static int Of(Question question, Scene<Cell> scene) => question.Family switch
    {
        QuestionFamily.Existence or QuestionFamily.ColouredExistence => Of(question.Filter.Count(scene) > 0),
        QuestionFamily.ProductCount or QuestionFamily.ColourCount => Of(question.Filter.Count(scene)),
        QuestionFamily.ColourAt => Of(scene[question.Position].Colour),
        QuestionFamily.ProductAt => Of(scene[question.Position].Product),
        _ => Of(question.Relation.Holds(question.Filter.Count(scene), question.Other.Count(scene))),
    };
}
