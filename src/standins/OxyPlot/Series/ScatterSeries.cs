namespace OxyPlot.Series;

/// <summary>Marked points.</summary>
public class ScatterSeries : ScatterSeries<ScatterPoint>
{
}
