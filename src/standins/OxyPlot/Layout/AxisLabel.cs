using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>A label of an axis: where along it, in pixels, what it says, and the room that it takes unturned.</summary>
internal readonly record struct AxisLabel(double Place, string Text, TextSize Size);
