using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>
/// The labels of an axis that have room beside each other. Names of categories are turned where they are too long, and
/// left out evenly where that does not help either.
/// </summary>
/// <param name="Labels">The labels, along the axis.</param>
/// <param name="Angle">By how much they are turned, in degrees, clockwise.</param>
internal sealed record AxisLabels(IReadOnlyList<AxisLabel> Labels, double Angle)
{
    // Up to this width, in ems, labels are rather left out than turned: they are numbers, and continue in an obvious way.
    private const double Short = 2.5;

    /// <summary>Whether the labels at the present step of an axis have room.</summary>
    public static bool Fit(Axis axis) => Fit(axis, All(axis, double.PositiveInfinity), axis.LabelAngle);

    /// <summary>Chooses labels; no name takes more than the given room across the axis.</summary>
    public static AxisLabels Choose(Axis axis, double room)
    {
        var angle = AngleOf(axis);
        var labels = All(axis, WidthWithin(axis, angle, room));
        var chosen = labels;
        for (var every = 2; every <= labels.Count && !Fit(axis, chosen, angle); every++)
        {
            chosen = [.. labels.Where((_, i) => i % every == 0)];
        }

        return new AxisLabels(chosen, angle);
    }

    private static double AngleOf(Axis axis)
    {
        if (axis is not CategoryAxis || axis.LabelAngle != 0 || axis.IsVertical())
        {
            return axis.LabelAngle;
        }

        var level = All(axis, axis.Length);
        var areShort = level.All(label => label.Size.Width <= Short * axis.TextStyle.Size);
        return areShort || Fit(axis, level, 0) ? 0 : Fit(axis, level, -45) ? -45 : -90;
    }

    private static double WidthWithin(Axis axis, double angle, double room)
    {
        var across = Math.Abs(axis.IsVertical() ? Math.Cos(Radians(angle)) : Math.Sin(Radians(angle)));
        return axis is not CategoryAxis ? double.PositiveInfinity : across > 0.1 ? room / across : axis.Length;
    }

    private static List<AxisLabel> All(Axis axis, double width)
    {
        axis.GetTickValues(out var values, out _, out _);
        var style = axis.TextStyle;
        return [.. from value in values
                   let text = FontMetrics.Shorten(axis.FormatValue(value), style, width)
                   where !string.IsNullOrWhiteSpace(text)
                   select new AxisLabel(axis.Transform(value), text, FontMetrics.Measure(text, style))];
    }

    private static bool Fit(Axis axis, IReadOnlyList<AxisLabel> labels, double angle)
    {
        var gap = axis.IsVertical() || angle != 0 ? 0 : axis.TextStyle.Size / 2;
        return labels.Zip(labels.Skip(1)).All(pair => AreApart(axis, pair.First, pair.Second, angle, gap));
    }

    /// <summary>Whether two labels are apart, seen along the lines that they are set on.</summary>
    private static bool AreApart(Axis axis, AxisLabel a, AxisLabel b, double angle, double gap)
    {
        var distance = Math.Abs(a.Place - b.Place);
        var (sine, cosine) = (Math.Abs(Math.Sin(Radians(angle))), Math.Abs(Math.Cos(Radians(angle))));
        var (along, across) = axis.IsVertical() ? (distance * sine, distance * cosine) : (distance * cosine, distance * sine);
        var width = angle == 0 ? (a.Size.Width + b.Size.Width) / 2 : Math.Max(a.Size.Width, b.Size.Width);
        return along >= width + gap || across >= (a.Size.Height + b.Size.Height) / 2;
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
