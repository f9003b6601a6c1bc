namespace OxyPlot.Svg;

/// <summary>Colours of texts upon colours.</summary>
internal static class Contrast
{
    /// <summary>
    /// Nearly black. It differs from <see cref="OxyColors.Black"/> since it belongs to what lies behind: a page that turns black
    /// texts white in the dark must leave it.
    /// </summary>
    public static readonly OxyColor Dark = OxyColor.FromRgb(0x1A, 0x1A, 0x1A);

    // Where dark and white text have the same contrast ratio by WCAG 2.1: (L + 0.05)² = 1.05 · 0.05.
    private const double Middle = 0.179;

    /// <summary>Dark or white, whichever is more legible upon a colour.</summary>
    public static OxyColor On(OxyColor color) => Luminance(color) > Middle ? Dark : OxyColors.White;

    /// <summary>Relative luminance by WCAG 2.1, with white behind a transparent colour.</summary>
    private static double Luminance(OxyColor color)
    {
        return (0.2126 * Linear(color.R)) + (0.7152 * Linear(color.G)) + (0.0722 * Linear(color.B));

        double Linear(byte channel)
        {
            var value = ((channel * color.A) + (255 * (255 - color.A))) / (255.0 * 255.0);
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }
}
