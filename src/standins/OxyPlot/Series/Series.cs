using OxyPlot.Svg;

namespace OxyPlot.Series;

/// <summary>Data, and how they are shown.</summary>
public abstract class Series : PlotElement
{
    /// <summary>The name of the series, which the legend explains.</summary>
    public string? Title { get; set; }

    /// <summary>Whether the series is drawn.</summary>
    public bool IsVisible { get; set; } = true;

    /// <summary>Whether the legend explains the series if it has a title.</summary>
    public bool RenderInLegend { get; set; } = true;

    /// <summary>The markers that texts should not cover.</summary>
    internal virtual IEnumerable<OxyRect> Marks => [];

    /// <summary>Finds the axes.</summary>
    internal abstract void AssignAxes();

    /// <summary>Takes colours that are left to the plot.</summary>
    internal virtual void AssignColors()
    {
    }

    /// <summary>Widens the axes to the data.</summary>
    internal abstract void IncludeData();

    /// <summary>Draws the data.</summary>
    internal abstract void Draw(SvgCanvas canvas);

    /// <summary>Draws what the legend shows beside the name.</summary>
    internal virtual void DrawSymbol(SvgCanvas canvas, OxyRect place)
    {
    }
}
