namespace OxyPlot;

/// <summary>What an exporter draws.</summary>
public interface IPlotModel
{
    /// <summary>The colour behind everything.</summary>
    OxyColor Background { get; }

    /// <summary>The plot as an SVG element.</summary>
    internal string ToSvg(double width, double height);
}
