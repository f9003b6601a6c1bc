namespace DasSearch.Data.Tasks.Vqa;

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
