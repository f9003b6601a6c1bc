namespace OxyPlot;

/// <summary>Weights of type, as CSS counts them.</summary>
public static class FontWeights
{
    /// <summary>400.</summary>
    public const double Normal = 400;

    /// <summary>700.</summary>
    public const double Bold = 700;
}
