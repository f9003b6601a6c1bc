namespace OxyPlot.Svg;

/// <summary>The room that a text takes, in pixels.</summary>
internal readonly record struct TextSize(double Width, double Height);
