namespace OxyPlot.Axes;

/// <summary>Finds the axes that give colours.</summary>
internal static class ColorAxes
{
    /// <summary>The colour axis with a key, or the plot's first, or none.</summary>
    public static LinearColorAxis? Find(PlotModel plot, string? key) =>
        plot.Axes.OfType<LinearColorAxis>().FirstOrDefault(axis => key is null || axis.Key == key);
}
