namespace OxyPlot;

/// <summary>Colours by name, with the values that CSS gives them, and the two that stand for none and for any.</summary>
public static class OxyColors
{
    /// <summary>No colour: nothing is drawn.</summary>
    public static readonly OxyColor Undefined = OxyColor.FromUInt32(0x00000000);

    /// <summary>The plot chooses.</summary>
    public static readonly OxyColor Automatic = OxyColor.FromUInt32(0x00000001);

    /// <summary>White that is not seen.</summary>
    public static readonly OxyColor Transparent = OxyColor.FromUInt32(0x00FFFFFF);

    /// <summary>#000000.</summary>
    public static readonly OxyColor Black = OxyColor.FromUInt32(0xFF000000);

    /// <summary>#0000ff.</summary>
    public static readonly OxyColor Blue = OxyColor.FromUInt32(0xFF0000FF);

    /// <summary>#a9a9a9, which is lighter than gray.</summary>
    public static readonly OxyColor DarkGray = OxyColor.FromUInt32(0xFFA9A9A9);

    /// <summary>#696969.</summary>
    public static readonly OxyColor DimGray = OxyColor.FromUInt32(0xFF696969);

    /// <summary>#808080.</summary>
    public static readonly OxyColor Gray = OxyColor.FromUInt32(0xFF808080);

    /// <summary>#add8e6.</summary>
    public static readonly OxyColor LightBlue = OxyColor.FromUInt32(0xFFADD8E6);

    /// <summary>#d3d3d3.</summary>
    public static readonly OxyColor LightGray = OxyColor.FromUInt32(0xFFD3D3D3);

    /// <summary>#ff0000.</summary>
    public static readonly OxyColor Red = OxyColor.FromUInt32(0xFFFF0000);

    /// <summary>#ffffff.</summary>
    public static readonly OxyColor White = OxyColor.FromUInt32(0xFFFFFFFF);
}
