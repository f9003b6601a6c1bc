namespace DasSearch.Data.Tasks.Nlvr2;

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
