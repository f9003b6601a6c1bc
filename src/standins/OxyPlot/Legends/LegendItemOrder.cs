namespace OxyPlot.Legends;

/// <summary>In which order a legend explains the series.</summary>
public enum LegendItemOrder
{
    /// <summary>In theirs.</summary>
    Normal,

    /// <summary>From the last to the first.</summary>
    Reverse,
}
