using OxyPlot.Annotations;
using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>One drawing of a plot: finds room for titles, legends and axes, then draws from back to front.</summary>
internal sealed class Figure(PlotModel plot, SvgCanvas canvas, OxyRect view)
{
    // Each pass can only widen the margins, and later ones by next to nothing.
    private const int Passes = 6;

    private readonly Titles _titles = new(plot, view.Deflate(plot.Padding).Width);

    private IReadOnlyList<AxisLayout> _axes = [];

    public void Draw()
    {
        var inner = view.Deflate(plot.Padding);
        var room = inner.Deflate(new OxyThickness(0, _titles.Height, 0, 0));
        var legends = LegendLayout.Of(plot, room);
        plot.PlotArea = FitAxes(room.Deflate(legends.Margins));

        canvas.Rectangle(view, plot.Background, Pen.None);
        canvas.Rectangle(plot.PlotArea, plot.PlotAreaBackground, Pen.None);
        var taken = legends.Places(room, plot.PlotArea).Concat(plot.VisibleSeries.SelectMany(series => series.Marks));
        var places = new LabelPlacer(plot.PlotArea, plot.Annotations.Count == 0 ? [] : taken);
        DrawAnnotations(AnnotationLayer.BelowAxes, places);
        foreach (var axis in _axes)
        {
            axis.DrawGrid(canvas, plot.PlotArea);
        }

        DrawAnnotations(AnnotationLayer.BelowSeries, places);
        foreach (var series in plot.VisibleSeries)
        {
            series.Draw(canvas);
        }

        DrawBorder();
        DrawAxes();
        DrawAnnotations(AnnotationLayer.AboveSeries, places);
        _titles.Draw(canvas, inner, plot.PlotArea);
        legends.Draw(canvas, room, plot.PlotArea);
    }

    /// <summary>The plot area that leaves each axis the room which its labels need, given the area.</summary>
    private OxyRect FitAxes(OxyRect room)
    {
        var margins = plot.PlotMargins.Or(new OxyThickness(0));
        var area = room;
        for (var pass = 0; pass < Passes; pass++)
        {
            area = room.Deflate(margins);
            _axes = [.. plot.ActualAxes.Where(axis => axis.IsShown).Select(axis => AxisLayout.Of(axis, area, view))];
            var needed = plot.PlotMargins.Or(margins.Include(AxisLayout.Margins(_axes)));
            if (needed.Equals(margins))
            {
                break;
            }

            margins = needed;
        }

        foreach (var axis in plot.ActualAxes)
        {
            axis.Place(area);
        }

        return area;
    }

    private void DrawAnnotations(AnnotationLayer layer, LabelPlacer places)
    {
        foreach (var annotation in plot.Annotations.Where(annotation => annotation.Layer == layer))
        {
            annotation.Draw(canvas, places);
        }
    }

    private void DrawAxes()
    {
        foreach (var side in _axes.GroupBy(axis => axis.Axis.Position))
        {
            var distance = 0.0;
            foreach (var axis in side)
            {
                axis.Draw(canvas, plot.PlotArea, distance);
                distance += axis.Depth;
            }
        }
    }

    private void DrawBorder()
    {
        var (area, width) = (plot.PlotArea, plot.PlotAreaBorderThickness);
        if (width.IsUniform)
        {
            canvas.Rectangle(area, OxyColors.Undefined, new Pen(plot.PlotAreaBorderColor, width.Left));
            return;
        }

        var (leftTop, rightTop) = (new ScreenPoint(area.Left, area.Top), new ScreenPoint(area.Right, area.Top));
        var (leftBottom, rightBottom) = (new ScreenPoint(area.Left, area.Bottom), new ScreenPoint(area.Right, area.Bottom));
        Side(leftTop, leftBottom, width.Left);
        Side(leftTop, rightTop, width.Top);
        Side(rightTop, rightBottom, width.Right);
        Side(leftBottom, rightBottom, width.Bottom);

        void Side(ScreenPoint from, ScreenPoint to, double thickness) =>
            canvas.Segments([(from, to)], new Pen(plot.PlotAreaBorderColor, thickness));
    }
}
