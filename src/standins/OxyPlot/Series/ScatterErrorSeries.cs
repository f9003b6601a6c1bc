using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Series;

/// <summary>Marked points with error bars about them. The axes make room for the bars.</summary>
public class ScatterErrorSeries : ScatterSeries<ScatterErrorPoint>
{
    /// <summary>The colour of the bars, black unless set.</summary>
    public OxyColor ErrorBarColor { get; set; } = OxyColors.Black;

    /// <summary>How thick the bars are, 1 unless set.</summary>
    public double ErrorBarStrokeThickness { get; set; } = 1;

    /// <summary>How far the strokes at the ends of a bar reach to each side, 4 unless set.</summary>
    public double ErrorBarStopWidth { get; set; } = 4;

    internal override IEnumerable<DataPoint> Extent() =>
        base.Extent().Concat(Bars().SelectMany(bar => new[] { bar.From, bar.To }));

    internal override void Draw(SvgCanvas canvas)
    {
        var bars = Bars().Where(bar => AxisRange.Allows(bar.From) && AxisRange.Allows(bar.To));
        canvas.BeginClip(Plot.PlotArea);
        canvas.Segments(bars.SelectMany(Strokes), new Pen(ErrorBarColor, ErrorBarStrokeThickness));
        canvas.EndClip();
        base.Draw(canvas);
    }

    internal override void DrawSymbol(SvgCanvas canvas, OxyRect place)
    {
        var (middle, inset) = (place.Center.X, place.Height * 0.1);
        canvas.Segments(
            [(new ScreenPoint(middle, place.Top + inset), new ScreenPoint(middle, place.Bottom - inset))],
            new Pen(ErrorBarColor, ErrorBarStrokeThickness));
        base.DrawSymbol(canvas, place);
    }

    private IEnumerable<(DataPoint From, DataPoint To)> Bars() =>
        Points.Where(point => point.ErrorX > 0).Select(point => Bar(point, point.ErrorX / 2, 0))
            .Concat(Points.Where(point => point.ErrorY > 0).Select(point => Bar(point, 0, point.ErrorY / 2)));

    private static (DataPoint From, DataPoint To) Bar(ScatterErrorPoint point, double x, double y) =>
        (new DataPoint(point.X - x, point.Y - y), new DataPoint(point.X + x, point.Y + y));

    /// <summary>The bar itself and the strokes across its ends.</summary>
    private IEnumerable<(ScreenPoint From, ScreenPoint To)> Strokes((DataPoint From, DataPoint To) bar)
    {
        var (from, to) = (Transform(bar.From), Transform(bar.To));
        var stop = ErrorBarStopWidth > 0 ? ErrorBarStopWidth : 0;
        var (x, y) = Math.Abs(to.X - from.X) > Math.Abs(to.Y - from.Y) ? (0.0, stop) : (stop, 0.0);
        return [(from, to), Across(from), Across(to)];

        (ScreenPoint From, ScreenPoint To) Across(ScreenPoint end) => (new(end.X - x, end.Y - y), new(end.X + x, end.Y + y));
    }
}
