namespace DasSearch.Data.Captions;

/// <summary>What a caption says about a scene.</summary>
internal enum CaptionForm
{
    /// <summary>All four cells, each with its position.</summary>
    Grid,

    /// <summary>All four cells, row by row.</summary>
    Rows,

    /// <summary>One cell with its position.</summary>
    Place,

    /// <summary>Two cells with their positions.</summary>
    Places,

    /// <summary>Two items, one directly left of the other.</summary>
    Beside,

    /// <summary>Two items, one directly above the other.</summary>
    Above,

    /// <summary>Two different items, wherever they are.</summary>
    Listing,

    /// <summary>How many cells match a filter.</summary>
    Count,

    /// <summary>Whether any cell matches a filter.</summary>
    Presence,

    /// <summary>Whether more, fewer or as many cells match one filter as another.</summary>
    Comparison,
}
