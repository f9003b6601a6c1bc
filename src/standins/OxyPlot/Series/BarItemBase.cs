namespace OxyPlot.Series;

/// <summary>A bar.</summary>
public abstract class BarItemBase
{
    /// <summary>The category, counted from 0; the place of the bar in its series unless set.</summary>
    public int CategoryIndex { get; set; } = -1;
}
