using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>Where a text is, and which part of it is there.</summary>
internal readonly record struct LabelPlace(ScreenPoint At, HorizontalAlignment Horizontal, VerticalAlignment Vertical)
{
    /// <summary>The rectangle that a text of some size fills there.</summary>
    public OxyRect Bounds(TextSize size) => new(
        At.X - (size.Width * ((int)Horizontal + 1) / 2), At.Y - (size.Height * ((int)Vertical + 1) / 2), size.Width, size.Height);
}
