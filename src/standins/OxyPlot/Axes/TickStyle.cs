namespace OxyPlot.Axes;

/// <summary>On which side of an axis its ticks are.</summary>
public enum TickStyle
{
    /// <summary>Half within the plot area, half without.</summary>
    Crossing,

    /// <summary>Within the plot area.</summary>
    Inside,

    /// <summary>Outside the plot area.</summary>
    Outside,

    /// <summary>There are no ticks.</summary>
    None,
}
