namespace OxyPlot.Legends;

/// <summary>Whether a legend takes room from the plot area or lies upon it.</summary>
public enum LegendPlacement
{
    /// <summary>It lies upon the plot area.</summary>
    Inside,

    /// <summary>It lies beside the plot area and its axes.</summary>
    Outside,
}
