using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <content>Draws the axis.</content>
internal sealed partial class AxisLayout
{
    /// <summary>Draws the grid lines across the plot area.</summary>
    public void DrawGrid(SvgCanvas canvas, OxyRect plotArea)
    {
        if (!Axis.IsXyAxis())
        {
            return;
        }

        Axis.GetTickValues(out _, out var major, out var minor);
        Draw(minor, new Pen(Axis.MinorGridlineColor, Axis.MinorGridlineThickness, Axis.MinorGridlineStyle));
        Draw(major, new Pen(Axis.MajorGridlineColor, Axis.MajorGridlineThickness, Axis.MajorGridlineStyle));
        Draw(Axis.ExtraGridlines ?? [], new Pen(Axis.ExtraGridlineColor, Axis.ExtraGridlineThickness, Axis.ExtraGridlineStyle));

        void Draw(IEnumerable<double> values, Pen pen) => canvas.Segments(
            values.Where(value => value >= Axis.ActualMinimum && value <= Axis.ActualMaximum).Select(Axis.Transform).Select(Across), pen);

        (ScreenPoint From, ScreenPoint To) Across(double place) => Axis.IsHorizontal()
            ? (new ScreenPoint(place, plotArea.Top), new ScreenPoint(place, plotArea.Bottom))
            : (new ScreenPoint(plotArea.Left, place), new ScreenPoint(plotArea.Right, place));
    }

    /// <summary>Draws line, ticks, labels and title, at a distance from the plot area.</summary>
    public void Draw(SvgCanvas canvas, OxyRect plotArea, double distance)
    {
        var begin = distance + Axis.AxisDistance;
        if (Axis is LinearColorAxis colors)
        {
            DrawColors(colors, canvas, plotArea, begin);
        }

        DrawTicks(canvas, plotArea, begin);
        DrawLine(canvas, plotArea, begin);
        DrawLabels(canvas, plotArea, distance + LabelDistance);
        DrawTitle(canvas, plotArea, distance + TitleDistance);
    }

    private void DrawColors(LinearColorAxis axis, SvgCanvas canvas, OxyRect plotArea, double begin)
    {
        var end = begin + Math.Max(1, TickDepth - 2);
        canvas.Tiles(axis.Bands().Select(band => (Bar(band.From, band.To), band.Color)));
        canvas.Rectangle(Bar(axis.ActualMinimum, axis.ActualMaximum), OxyColors.Undefined, new Pen(axis.TicklineColor, 1));

        OxyRect Bar(double from, double to) => new(At(plotArea, axis.Transform(from), begin), At(plotArea, axis.Transform(to), end));
    }

    private void DrawTicks(SvgCanvas canvas, OxyRect plotArea, double begin)
    {
        Axis.GetTickValues(out _, out var major, out var minor);
        var pen = new Pen(Axis.TicklineColor, 1);
        if (Axis is LinearColorAxis)
        {
            Draw(major, TickDepth - 2, TickDepth);
            return;
        }

        var (inside, outside) = Axis.TickStyle switch
        {
            TickStyle.Outside => (0.0, 1.0),
            TickStyle.Crossing => (-0.5, 0.5),
            TickStyle.Inside => (-1.0, 0.0),
            _ => (0.0, 0.0),
        };
        if (inside != outside)
        {
            Draw(minor, inside * Positive(Axis.MinorTickSize), outside * Positive(Axis.MinorTickSize));
            Draw(major, inside * Positive(Axis.MajorTickSize), outside * Positive(Axis.MajorTickSize));
        }

        void Draw(IEnumerable<double> values, double from, double to)
        {
            if (from != to)
            {
                var places = values.Select(Axis.Transform);
                canvas.Segments(places.Select(place => (At(plotArea, place, begin + from), At(plotArea, place, begin + to))), pen);
            }
        }
    }

    private void DrawLine(SvgCanvas canvas, OxyRect plotArea, double begin)
    {
        var (from, to) = (Axis.Transform(Axis.ActualMinimum), Axis.Transform(Axis.ActualMaximum));
        canvas.Segments(
            [(At(plotArea, from, begin), At(plotArea, to, begin))],
            new Pen(Axis.AxislineColor, Axis.AxislineThickness, Axis.AxislineStyle));
    }

    private void DrawLabels(SvgCanvas canvas, OxyRect plotArea, double begin)
    {
        var (style, alignment) = (Axis.TextStyle, LabelAlignment());
        var cosine = Math.Abs(Math.Cos(_labels.Angle * Math.PI / 180));
        foreach (var label in _labels.Labels)
        {
            var (vertical, inset) = (VerticalAlignment.Middle, 0.0);
            if (Axis.IsHorizontal())
            {
                inset = alignment == HorizontalAlignment.Center ? 0 : label.Size.Height * cosine / 2;
                vertical = alignment != HorizontalAlignment.Center ? VerticalAlignment.Middle
                    : Axis.Position == AxisPosition.Bottom ? VerticalAlignment.Top : VerticalAlignment.Bottom;
            }
            else if (alignment == HorizontalAlignment.Center)
            {
                inset = _labelDepth / 2;
            }

            canvas.Text(label.Text, style, At(plotArea, label.Place, begin + inset), alignment, vertical, _labels.Angle);
        }
    }

    private void DrawTitle(SvgCanvas canvas, OxyRect plotArea, double begin)
    {
        var middle = (Axis.Transform(Axis.ActualMinimum) + Axis.Transform(Axis.ActualMaximum)) / 2;
        var size = FontMetrics.Measure(_title, _titleStyle);
        var (low, high) = Axis.IsVertical() ? (0, Axis.Plot.Height) : (0, Axis.Plot.Width);
        var place = Math.Max(low + (size.Width / 2), Math.Min(middle, high - (size.Width / 2)));
        canvas.Text(
            _title, _titleStyle, At(plotArea, place, begin + (size.Height / 2)),
            HorizontalAlignment.Center, VerticalAlignment.Middle, Axis.IsVertical() ? -90 : 0);
    }

    /// <summary>The point at a place along the axis and a distance outwards from the plot area.</summary>
    private ScreenPoint At(OxyRect plotArea, double place, double outwards) => Axis.Position switch
    {
        AxisPosition.Left => new ScreenPoint(plotArea.Left - outwards, place),
        AxisPosition.Right => new ScreenPoint(plotArea.Right + outwards, place),
        AxisPosition.Top => new ScreenPoint(place, plotArea.Top - outwards),
        _ => new ScreenPoint(place, plotArea.Bottom + outwards),
    };
}
