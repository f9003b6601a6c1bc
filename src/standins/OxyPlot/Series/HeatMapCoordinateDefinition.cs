namespace OxyPlot.Series;

/// <summary>What the coordinates of a heat map are those of.</summary>
public enum HeatMapCoordinateDefinition
{
    /// <summary>The centres of the outermost cells.</summary>
    Center,

    /// <summary>The outermost edges.</summary>
    Edge,
}
