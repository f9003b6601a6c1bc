namespace OxyPlot.Legends;

/// <summary>How the entries of a legend follow each other.</summary>
public enum LegendOrientation
{
    /// <summary>From left to right, in as many rows as it takes.</summary>
    Horizontal,

    /// <summary>From top to bottom, in as many columns as it takes.</summary>
    Vertical,
}
