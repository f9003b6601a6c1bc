namespace OxyPlot.Series;

/// <summary>A bar from the base value of its series to a value of its own.</summary>
public class BarItem : BarItemBase
{
    /// <summary>A bar without a value yet.</summary>
    public BarItem()
        : this(double.NaN)
    {
    }

    /// <summary>A bar.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="categoryIndex">The category, counted from 0; if negative, the place of the bar in its series.</param>
    public BarItem(double value, int categoryIndex = -1)
    {
        Value = value;
        CategoryIndex = categoryIndex;
    }

    /// <summary>The value.</summary>
    public double Value { get; set; }

    /// <summary>The colour; that of the series unless set.</summary>
    public OxyColor Color { get; set; } = OxyColors.Automatic;
}
