namespace OxyPlot;

/// <summary>Colours in the order of the values that they stand for, lowest first.</summary>
public class OxyPalette
{
    /// <summary>A palette without colours yet.</summary>
    public OxyPalette() => Colors = [];

    /// <summary>A palette of the given colours.</summary>
    public OxyPalette(params OxyColor[] colors) => Colors = [.. colors];

    /// <summary>A palette of the given colours.</summary>
    public OxyPalette(IEnumerable<OxyColor> colors) => Colors = [.. colors];

    /// <summary>The colours, that of the lowest values first.</summary>
    public IList<OxyColor> Colors { get; set; }

    /// <summary>A palette that goes evenly from the first colour, over those between, to the last.</summary>
    /// <param name="paletteSize">How many colours the palette gets, at least 1.</param>
    /// <param name="colors">The colours to go through, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The palette is to have no colour, or there is none to go through.</exception>
    public static OxyPalette Interpolate(int paletteSize, params OxyColor[] colors)
    {
        ArgumentNullException.ThrowIfNull(colors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(paletteSize);
        ArgumentOutOfRangeException.ThrowIfZero(colors.Length);
        return new OxyPalette(Enumerable.Range(0, paletteSize).Select(At));

        OxyColor At(int index)
        {
            var place = paletteSize == 1 ? 0 : (double)index / (paletteSize - 1) * (colors.Length - 1);
            var before = Math.Min((int)place, colors.Length - 1);
            var after = Math.Min(before + 1, colors.Length - 1);
            return OxyColor.Interpolate(colors[before], colors[after], place - before);
        }
    }

    /// <summary>The colours in reverse order, as another palette.</summary>
    public OxyPalette Reverse() => new(Enumerable.Reverse(Colors));
}
