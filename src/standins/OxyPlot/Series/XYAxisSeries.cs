using OxyPlot.Axes;

namespace OxyPlot.Series;

/// <summary>A series on two axes. Where the x axis is upright and the y axis level, the series is drawn transposed.</summary>
public abstract class XYAxisSeries : ItemsSeries
{
    /// <summary>The key of the x axis; the first level axis unless set.</summary>
    public string? XAxisKey { get; set; }

    /// <summary>The key of the y axis; the first upright axis unless set.</summary>
    public string? YAxisKey { get; set; }

    /// <summary>The x axis, which is known once the plot is drawn.</summary>
    public Axis XAxis { get; private set; } = null!;

    /// <summary>The y axis, which is known once the plot is drawn.</summary>
    public Axis YAxis { get; private set; } = null!;

    /// <summary>The place of a point in the picture.</summary>
    public ScreenPoint Transform(DataPoint p) => AxisPair.Transform(XAxis, YAxis, p);

    internal override void AssignAxes() => (XAxis, YAxis) = AxisPair.Find(Plot, XAxisKey, YAxisKey, GetType().Name);

    internal override void IncludeData()
    {
        foreach (var point in Extent().Where(AxisRange.Allows))
        {
            XAxis.Include(point.X);
            YAxis.Include(point.Y);
        }
    }

    /// <summary>Points that are to lie within the axes.</summary>
    internal abstract IEnumerable<DataPoint> Extent();
}
