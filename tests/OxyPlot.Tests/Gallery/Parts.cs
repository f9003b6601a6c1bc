using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace OxyPlot.Tests.Gallery;

/// <summary>What the figures have in common.</summary>
internal static class Parts
{
    public static readonly OxyColor Blue = OxyColor.FromRgb(0x00, 0x72, 0xB2);
    public static readonly OxyColor Orange = OxyColor.FromRgb(0xD5, 0x5E, 0x00);
    public static readonly OxyColor Pale = OxyColor.FromAColor(32, OxyColors.Black);

    /// <summary>A number from -1 to 1 that looks like chance and is none.</summary>
    public static double Noise(int seed)
    {
        var x = Math.Sin((seed * 12.9898) + 4.1414) * 43758.5453;
        return (2 * (x - Math.Floor(x))) - 1;
    }

    public static bool IsPlanned(int layer) => layer is 3 or 5 or 6 or 8;

    public static PlotModel Plot(string title, string? subtitle = null) => new()
    {
        Title = title,
        Subtitle = subtitle,
        TitleFontSize = 15,
        SubtitleFontSize = 12,
        PlotAreaBorderColor = OxyColors.DarkGray,
    };

    public static CategoryAxis Names(AxisPosition position, params IEnumerable<string> names)
    {
        var axis = new CategoryAxis { Position = position, IsTickCentered = true };
        axis.Labels.AddRange(names);
        return axis;
    }

    public static IEnumerable<string> Layers(int count) => Enumerable.Range(0, count).Select(layer => $"{layer}");

    public static LinearAxis Values(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = Pale,
        MinorTickSize = 0,
    };

    public static LineAnnotation ZeroLine() => new()
    {
        Type = LineAnnotationType.Horizontal,
        Color = OxyColors.Black,
        LineStyle = LineStyle.Solid,
        Layer = AnnotationLayer.BelowSeries,
    };
}
