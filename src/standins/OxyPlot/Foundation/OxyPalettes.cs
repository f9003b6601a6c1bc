namespace OxyPlot;

/// <summary>Palettes by name.</summary>
public static class OxyPalettes
{
    /// <summary>
    /// From dark violet over green to yellow, even in lightness and legible with any colour vision
    /// (S. van der Walt and N. Smith, "A Better Default Colormap for Matplotlib", SciPy 2015).
    /// </summary>
    /// <param name="numberOfColors">How many colours the palette gets, at least 1.</param>
    public static OxyPalette Viridis(int numberOfColors = 256) => OxyPalette.Interpolate(
        numberOfColors,
        OxyColor.FromRgb(0x44, 0x01, 0x54),
        OxyColor.FromRgb(0x47, 0x2D, 0x7B),
        OxyColor.FromRgb(0x3B, 0x52, 0x8B),
        OxyColor.FromRgb(0x2C, 0x72, 0x8E),
        OxyColor.FromRgb(0x21, 0x91, 0x8C),
        OxyColor.FromRgb(0x28, 0xAE, 0x80),
        OxyColor.FromRgb(0x5E, 0xC9, 0x62),
        OxyColor.FromRgb(0xAD, 0xDC, 0x30),
        OxyColor.FromRgb(0xFD, 0xE7, 0x25));
}
