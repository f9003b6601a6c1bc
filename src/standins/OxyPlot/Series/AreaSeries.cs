using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Series;

/// <summary>The area between two lines, or between a line and a constant. It is broken where a point of either is no number.</summary>
public class AreaSeries : LineSeries
{
    // As visible as the fill of the official package.
    private const byte DefaultAlpha = 100;

    /// <summary>The points of the second line, as many as of the first; without any, it is a constant.</summary>
    public List<DataPoint> Points2 { get; } = [];

    /// <summary>That constant, 0 unless set.</summary>
    public double ConstantY2 { get; set; }

    /// <summary>The colour of the second line; that of the first unless set.</summary>
    public OxyColor Color2 { get; set; } = OxyColors.Automatic;

    /// <summary>The colour of the area; a pale one of the first line's unless set.</summary>
    public OxyColor Fill { get; set; } = OxyColors.Automatic;

    /// <summary>The colour that the second line is drawn with.</summary>
    public OxyColor ActualColor2 => Color2.GetActualColor(ActualColor);

    /// <summary>The colour that the area is filled with.</summary>
    public OxyColor ActualFill => Fill.GetActualColor(OxyColor.FromAColor(DefaultAlpha, ActualColor));

    private IEnumerable<DataPoint> Opposite => Points2.Count > 0 ? Points2 : Points.Select(point => new DataPoint(point.X, ConstantY2));

    internal override IEnumerable<DataPoint> Extent() => Points.Concat(Opposite);

    internal override void Draw(SvgCanvas canvas)
    {
        var pairs = Points.Zip(Opposite).ToList();
        var sound = pairs.Select(pair => AxisRange.Allows(pair.First) && AxisRange.Allows(pair.Second)).ToList();
        var first = Rows(pairs.Select((pair, i) => sound[i] ? pair.First : DataPoint.Undefined));
        var second = Rows(pairs.Select((pair, i) => sound[i] ? pair.Second : DataPoint.Undefined));

        canvas.BeginClip(Plot.PlotArea);
        foreach (var (upper, lower) in first.Zip(second))
        {
            canvas.Polygon([.. Thin(upper), .. Enumerable.Reverse(Thin(lower))], ActualFill);
        }

        if (Points2.Count > 0)
        {
            canvas.Lines(Rows(Points2).Select(Thin), LinePen with { Color = ActualColor2 });
        }

        canvas.EndClip();
        base.Draw(canvas);
    }

    internal override void DrawSymbol(SvgCanvas canvas, OxyRect place)
    {
        canvas.Rectangle(place.Inflate(0, -place.Height / 4), ActualFill, Pen.None);
        base.DrawSymbol(canvas, place);
    }
}
