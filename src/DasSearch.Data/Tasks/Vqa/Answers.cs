using DasSearch.Data.Scenes;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks.Vqa;

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
    public static int Of(Question question, Scene scene) => question.Family switch
    {
        QuestionFamily.Existence or QuestionFamily.ColouredExistence => Of(question.Filter.Count(scene) > 0),
        QuestionFamily.ProductCount or QuestionFamily.ColourCount => Of(question.Filter.Count(scene)),
        QuestionFamily.ColourAt => Of(scene[question.Position].Colour),
        QuestionFamily.ProductAt => Of(scene[question.Position].Product),
        _ => Of(question.Relation.Holds(question.Filter.Count(scene), question.Other.Count(scene))),
    };
}
