namespace OxyPlot.Svg;

/// <summary>How a line is drawn; the thickness is in pixels.</summary>
internal readonly record struct Pen(OxyColor Color, double Thickness, LineStyle Style = LineStyle.Solid)
{
    public static readonly Pen None = new(OxyColors.Undefined, 0, LineStyle.None);

    public bool IsVisible => Color.IsVisible() && Thickness > 0 && double.IsFinite(Thickness) && Style != LineStyle.None;

    /// <summary>Lengths of dashes and gaps in turn, in multiples of the thickness; none for a solid line.</summary>
    public IReadOnlyList<double> Dashes => Style switch
    {
        LineStyle.Dash => [5, 3],
        LineStyle.Dot => [1, 2],
        LineStyle.DashDot => [5, 2, 1, 2],
        LineStyle.DashDashDot => [5, 2, 5, 2, 1, 2],
        LineStyle.DashDotDot => [5, 2, 1, 2, 1, 2],
        LineStyle.DashDashDotDot => [5, 2, 5, 2, 1, 2, 1, 2],
        LineStyle.LongDash => [10, 3],
        LineStyle.LongDashDot => [10, 2, 1, 2],
        LineStyle.LongDashDotDot => [10, 2, 1, 2, 1, 2],
        _ => [],
    };
}
