using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>An axis with what is written along it, and the room which that takes beside a plot area.</summary>
internal sealed partial class AxisLayout
{
    // How much of the picture labels may take, across their axis.
    private const double LargestShare = 0.35;

    private readonly AxisLabels _labels;
    private readonly string _title;
    private readonly TextStyle _titleStyle;
    private readonly double _labelDepth;

    private AxisLayout(Axis axis, OxyRect plotArea, OxyRect view)
    {
        axis.Place(plotArea);
        Axis = axis;
        _labels = AxisLabels.Choose(axis, LargestShare * (axis.IsVertical() ? view.Width : view.Height));
        _titleStyle = axis.StyleOf(
            axis.TitleFontSize > 0 ? axis.TitleFontSize : axis.FontSize, axis.TitleFontWeight, axis.TitleColor);
        _title = FontMetrics.Shorten(axis.ActualTitle ?? "", _titleStyle, axis.IsVertical() ? view.Height : view.Width);
        _labelDepth = _labels.Labels.Select(label => Extent(label).Across).DefaultIfEmpty(0).Max();
        Depth = TitleDistance + (_title.Length > 0 ? FontMetrics.Measure(_title, _titleStyle).Height : 0);
        Overhang = OverhangOver(plotArea);
    }

    public Axis Axis { get; }

    /// <summary>How far from the plot area the axis reaches, in pixels.</summary>
    public double Depth { get; }

    /// <summary>By how much labels at the ends reach beyond the plot area, in pixels; along a level axis on the left and right.</summary>
    private OxyThickness Overhang { get; }

    /// <summary>How far ticks reach out, or the bar of a colour axis.</summary>
    private double TickDepth => Axis.TickStyle switch
    {
        _ when Axis is LinearColorAxis => Positive(Axis.MajorTickSize),
        TickStyle.Outside => Positive(Axis.MajorTickSize),
        TickStyle.Crossing => Positive(Axis.MajorTickSize) / 2,
        _ => 0,
    };

    private double LabelDistance => Axis.AxisDistance + TickDepth + Axis.AxisTickToLabelDistance;

    private double TitleDistance => _labelDepth > 0
        ? LabelDistance + _labelDepth + (_title.Length > 0 ? Axis.AxisTitleDistance : 0)
        : Axis.AxisDistance + TickDepth + (_title.Length > 0 ? Axis.AxisTitleDistance : 0);

    /// <summary>Lays an axis out beside a plot area.</summary>
    public static AxisLayout Of(Axis axis, OxyRect plotArea, OxyRect view) => new(axis, plotArea, view);

    /// <summary>
    /// The room that axes need around the plot area: beside each other on one side, and for labels that reach over its corners.
    /// </summary>
    public static OxyThickness Margins(IReadOnlyList<AxisLayout> axes)
    {
        var sides = new OxyThickness(
            Side(AxisPosition.Left), Side(AxisPosition.Top), Side(AxisPosition.Right), Side(AxisPosition.Bottom));
        return axes.Aggregate(sides, (margins, axis) => margins.Include(axis.Overhang));

        double Side(AxisPosition position) => axes.Where(axis => axis.Axis.Position == position).Sum(axis => axis.Depth);
    }

    private static double Positive(double length) => length > 0 ? length : 0;

    /// <summary>
    /// The room of a label, turned as it is: how far it reaches away from the axis, and before and after its place along it.
    /// </summary>
    private (double Across, double Before, double After) Extent(AxisLabel label)
    {
        var angle = _labels.Angle * Math.PI / 180;
        var (sine, cosine) = (Math.Abs(Math.Sin(angle)), Math.Abs(Math.Cos(angle)));
        var (width, height) = (label.Size.Width, label.Size.Height);
        if (Axis.IsVertical())
        {
            var along = ((width * sine) + (height * cosine)) / 2;
            return ((width * cosine) + (height * sine), along, along);
        }

        var (before, after) = LabelAlignment() switch
        {
            HorizontalAlignment.Center => (width / 2, width / 2),
            HorizontalAlignment.Right => ((width * cosine) + (height * sine / 2), height * sine / 2),
            _ => (height * sine / 2, (width * cosine) + (height * sine / 2)),
        };
        return ((width * sine) + (height * cosine), before, after);
    }

    private OxyThickness OverhangOver(OxyRect plotArea)
    {
        var (start, end) = Axis.IsVertical() ? (plotArea.Top, plotArea.Bottom) : (plotArea.Left, plotArea.Right);
        var before = _labels.Labels.Select(label => start - (label.Place - Extent(label).Before)).Append(0).Max();
        var after = _labels.Labels.Select(label => label.Place + Extent(label).After - end).Append(0).Max();
        return Axis.IsVertical() ? new OxyThickness(0, before, 0, after) : new OxyThickness(before, 0, after, 0);
    }

    /// <summary>Which part of a label is at its tick: turned ones end there or begin.</summary>
    private HorizontalAlignment LabelAlignment() => Axis.Position switch
    {
        AxisPosition.Bottom => (HorizontalAlignment)(-Math.Sign(_labels.Angle)),
        AxisPosition.Top => (HorizontalAlignment)Math.Sign(_labels.Angle),
        AxisPosition.Left when _labels.Angle == 0 => HorizontalAlignment.Right,
        AxisPosition.Right when _labels.Angle == 0 => HorizontalAlignment.Left,
        _ => HorizontalAlignment.Center,
    };
}
