namespace OxyPlot;

/// <summary>Which part of a text is put at its place.</summary>
public enum VerticalAlignment
{
    /// <summary>Its upper edge.</summary>
    Top = -1,

    /// <summary>Its middle.</summary>
    Middle = 0,

    /// <summary>Its lower edge.</summary>
    Bottom = 1,
}
