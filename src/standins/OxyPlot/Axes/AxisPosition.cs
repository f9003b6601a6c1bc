namespace OxyPlot.Axes;

/// <summary>Where an axis is drawn.</summary>
public enum AxisPosition
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Upright, left of the plot area.</summary>
    Left,

    /// <summary>Upright, right of the plot area.</summary>
    Right,

    /// <summary>Level, above the plot area.</summary>
    Top,

    /// <summary>Level, below the plot area.</summary>
    Bottom,
}
