namespace OxyPlot.Svg;

/// <summary>The shapes that mark points.</summary>
internal static class Marker
{
    /// <summary>Whether a mark is made of strokes and has no area to fill.</summary>
    public static bool IsStrokes(MarkerType type) => type is MarkerType.Cross or MarkerType.Plus or MarkerType.Star;

    /// <summary>Writes one mark that reaches about as far from its centre as told.</summary>
    public static void Write(SvgWriter svg, MarkerType type, ScreenPoint center, double size)
    {
        if (type == MarkerType.Circle)
        {
            svg.Open("circle").Attribute("cx", center.X).Attribute("cy", center.Y).Attribute("r", size).Close();
        }
        else
        {
            var shape = string.Join("", Corners(type).Select(row => Path(row, center, size)));
            svg.Open("path").Attribute("d", IsStrokes(type) ? shape : shape + "Z").Close();
        }
    }

    private static string Path((double X, double Y)[] corners, ScreenPoint center, double size) =>
        "M" + string.Join('L', corners.Select(corner =>
            $"{SvgWriter.Number(center.X + (corner.X * size))} {SvgWriter.Number(center.Y + (corner.Y * size))}"));

    private static (double X, double Y)[][] Corners(MarkerType type) => type switch
    {
        MarkerType.Diamond => [[(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)]],
        MarkerType.Triangle => [[(0, -1.3), (1.13, 0.65), (-1.13, 0.65)]],
        MarkerType.Cross => [[(-0.8, -0.8), (0.8, 0.8)], [(-0.8, 0.8), (0.8, -0.8)]],
        MarkerType.Plus => [[(0, -1), (0, 1)], [(-1, 0), (1, 0)]],
        MarkerType.Star => [[(0, -1), (0, 1)], [(-1, 0), (1, 0)], [(-0.7, -0.7), (0.7, 0.7)], [(-0.7, 0.7), (0.7, -0.7)]],
        _ => [[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]],
    };
}
