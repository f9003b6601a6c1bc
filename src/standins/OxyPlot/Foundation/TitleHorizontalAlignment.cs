namespace OxyPlot;

/// <summary>What a title is centred over.</summary>
public enum TitleHorizontalAlignment
{
    /// <summary>The area between the axes.</summary>
    CenteredWithinPlotArea,

    /// <summary>The whole picture.</summary>
    CenteredWithinView,
}
