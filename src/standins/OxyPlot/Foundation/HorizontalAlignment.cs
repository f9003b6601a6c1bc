namespace OxyPlot;

/// <summary>Which part of a text is put at its place.</summary>
public enum HorizontalAlignment
{
    /// <summary>Its beginning.</summary>
    Left = -1,

    /// <summary>Its middle.</summary>
    Center = 0,

    /// <summary>Its end.</summary>
    Right = 1,
}
