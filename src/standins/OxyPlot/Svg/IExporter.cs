namespace OxyPlot;

/// <summary>Writes plots in some format.</summary>
public interface IExporter
{
    /// <summary>Writes a plot into a stream.</summary>
    void Export(IPlotModel model, Stream stream);
}
