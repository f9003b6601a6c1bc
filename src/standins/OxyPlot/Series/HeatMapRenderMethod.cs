namespace OxyPlot.Series;

/// <summary>What a heat map is made of.</summary>
public enum HeatMapRenderMethod
{
    /// <summary>Pixels, in the official package; rectangles here.</summary>
    Bitmap,

    /// <summary>A rectangle for each cell.</summary>
    Rectangles,
}
