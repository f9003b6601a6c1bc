namespace OxyPlot.Legends;

/// <summary>Explains the series that have a title.</summary>
public class Legend : LegendBase
{
}
