namespace OxyPlot.Series;

/// <summary>A series of points.</summary>
public abstract class DataPointSeries : XYAxisSeries
{
    /// <summary>The points, in the order in which they are joined.</summary>
    public List<DataPoint> Points { get; } = [];

    internal override IEnumerable<DataPoint> Extent() => Points;
}
