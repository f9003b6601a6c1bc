namespace OxyPlot.Series;

/// <summary>A series of items.</summary>
public abstract class ItemsSeries : Series
{
}
