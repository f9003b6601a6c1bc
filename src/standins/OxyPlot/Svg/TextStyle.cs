namespace OxyPlot.Svg;

/// <summary>How a text is set; the size is in pixels, the weight as in CSS.</summary>
internal readonly record struct TextStyle(string Font, double Size, double Weight, OxyColor Color);
