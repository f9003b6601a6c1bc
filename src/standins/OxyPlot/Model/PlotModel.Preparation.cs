using OxyPlot.Axes;
using OxyPlot.Series;

namespace OxyPlot;

/// <content>What is settled before anything is drawn: which axes series use, their colours, the ranges.</content>
public partial class PlotModel
{
    private int _colorsTaken;

    /// <summary>The level axis of series that name no other.</summary>
    public Axis? DefaultXAxis { get; private set; }

    /// <summary>The upright axis of series that name no other.</summary>
    public Axis? DefaultYAxis { get; private set; }

    /// <summary>The axes, and those that stand in for missing ones.</summary>
    internal IReadOnlyList<Axis> ActualAxes { get; private set; } = [];

    /// <summary>The series that are drawn.</summary>
    internal IEnumerable<Series.Series> VisibleSeries => Series.Where(series => series.IsVisible);

    /// <summary>The axis with a key.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Axis GetAxis(string key) => Axes.FirstOrDefault(axis => axis.Key == key)
        ?? throw new InvalidOperationException($"No axis of the plot has the key '{key}'.");

    /// <summary>The next of the default colours.</summary>
    public OxyColor GetDefaultColor() =>
        DefaultColors.Count == 0 ? OxyColors.Black : DefaultColors[_colorsTaken++ % DefaultColors.Count];

    /// <summary>A dash pattern for the next of the default colours: another one each time that they begin anew.</summary>
    public LineStyle GetDefaultLineStyle() =>
        DefaultColors.Count == 0 ? LineStyle.Solid : (LineStyle)(_colorsTaken / DefaultColors.Count % (int)LineStyle.None);

    private void Prepare()
    {
        var standIns = new ElementCollection<Axis>(this);
        DefaultXAxis = Axes.FirstOrDefault(axis => axis.IsXyAxis() && axis.IsHorizontal());
        DefaultYAxis = Axes.FirstOrDefault(axis => axis.IsXyAxis() && axis.IsVertical());
        if (DefaultXAxis is null)
        {
            standIns.Add(DefaultXAxis = new LinearAxis { Position = AxisPosition.Bottom });
        }

        if (DefaultYAxis is null)
        {
            var hasBars = Series.Any(series => series is BarSeries);
            standIns.Add(DefaultYAxis = hasBars ? new CategoryAxis { Position = AxisPosition.Left } : new LinearAxis());
        }

        ActualAxes = [.. Axes, .. standIns];
        AssignAxes();
        AssignColors();
        UpdateRanges();
    }

    private void AssignAxes()
    {
        foreach (var series in VisibleSeries)
        {
            series.AssignAxes();
        }

        foreach (var annotation in Annotations)
        {
            annotation.AssignAxes();
        }
    }

    private void AssignColors()
    {
        _colorsTaken = 0;
        foreach (var series in VisibleSeries)
        {
            series.AssignColors();
        }
    }

    private void UpdateRanges()
    {
        foreach (var axis in ActualAxes)
        {
            axis.ResetData();
        }

        foreach (var series in VisibleSeries)
        {
            series.IncludeData();
        }

        foreach (var axis in ActualAxes)
        {
            axis.UpdateRange();
        }
    }
}
