using OxyPlot.Axes;
using OxyPlot.Svg;

namespace OxyPlot.Series;

/// <summary>A table of numbers as cells of colour. Cells without a number have the colour that the colour axis keeps for them.</summary>
public class HeatMapSeries : XYAxisSeries
{
    // Smaller labels are not legible, and are left out.
    private const double LeastLabelSize = 6;

    // What labels may take of their cells' width.
    private const double LabelShare = 0.9;

    /// <summary>The numbers, as [column, row]: the first index goes along the x axis, the second along the y axis.</summary>
    public double[,]? Data { get; set; }

    /// <summary>Where the first column is on the x axis.</summary>
    public double X0 { get; set; }

    /// <summary>Where the last column is on the x axis.</summary>
    public double X1 { get; set; }

    /// <summary>Where the first row is on the y axis.</summary>
    public double Y0 { get; set; }

    /// <summary>Where the last row is on the y axis.</summary>
    public double Y1 { get; set; }

    /// <summary>Whether these are the centres of the outermost cells, as they are unless set, or the outermost edges.</summary>
    public HeatMapCoordinateDefinition CoordinateDefinition { get; set; } = HeatMapCoordinateDefinition.Center;

    /// <summary>
    /// What the map is made of: rectangles, whatever this says. It is here for the official package, which makes a picture of
    /// pixels unless it is set to <see cref="HeatMapRenderMethod.Rectangles"/>.
    /// </summary>
    public HeatMapRenderMethod RenderMethod { get; set; } = HeatMapRenderMethod.Bitmap;

    /// <summary>The key of the axis that gives the colours; the first colour axis unless set.</summary>
    public string? ColorAxisKey { get; set; }

    /// <summary>The size of the numbers in the cells, as a fraction of their height; 0, as it is unless set, for no numbers.</summary>
    public double LabelFontSize { get; set; }

    /// <summary>The format of the numbers in the cells, two decimals unless set.</summary>
    public string LabelFormatString { get; set; } = "0.00";

    private int Columns => Data?.GetLength(0) ?? 0;

    private int Rows => Data?.GetLength(1) ?? 0;

    private LinearColorAxis ColorAxis => ColorAxes.Find(Plot, ColorAxisKey)
        ?? throw new InvalidOperationException(
            "A HeatMapSeries needs a LinearColorAxis" + (ColorAxisKey is null ? "." : $" with the key '{ColorAxisKey}'."));

    internal override IEnumerable<DataPoint> Extent()
    {
        if (Data is { Length: > 0 })
        {
            var ((left, width), (bottom, height)) = (Along(X0, X1, Columns), Along(Y0, Y1, Rows));
            yield return new DataPoint(left, bottom);
            yield return new DataPoint(left + (width * Columns), bottom + (height * Rows));
        }
    }

    internal override void IncludeData()
    {
        base.IncludeData();
        var axis = ColorAxis;
        foreach (var value in Data ?? new double[0, 0])
        {
            axis.Include(value);
        }
    }

    internal override void Draw(SvgCanvas canvas)
    {
        if (!Extent().Any() || !Extent().All(AxisRange.Allows))
        {
            return;
        }

        var axis = ColorAxis;
        canvas.BeginClip(Plot.PlotArea);
        canvas.Tiles(Cells().Select(cell => (cell.Place, axis.ColorOf(cell.Value))));
        DrawLabels(canvas, axis);
        canvas.EndClip();
    }

    /// <summary>Where the first cell begins along an axis, and how long each is.</summary>
    private (double Start, double Step) Along(double first, double last, int count)
    {
        if (CoordinateDefinition == HeatMapCoordinateDefinition.Edge)
        {
            return (first, (last - first) / count);
        }

        var step = count > 1 ? (last - first) / (count - 1) : 1;
        return (first - (step / 2), step);
    }

    private IEnumerable<(OxyRect Place, double Value)> Cells()
    {
        var ((left, width), (bottom, height)) = (Along(X0, X1, Columns), Along(Y0, Y1, Rows));
        return from i in Enumerable.Range(0, Columns)
               from j in Enumerable.Range(0, Rows)
               let place = new OxyRect(At(i, j), At(i + 1, j + 1))
               select (place, Data![i, j]);

        ScreenPoint At(int i, int j) => Transform(new DataPoint(left + (i * width), bottom + (j * height)));
    }

    private void DrawLabels(SvgCanvas canvas, LinearColorAxis axis)
    {
        var size = LabelFontSize * Cells().First().Place.Height;
        var labels = (from cell in Cells()
                      where size >= LeastLabelSize && double.IsFinite(cell.Value)
                      let text = cell.Value.ToString(LabelFormatString, Plot.ActualCulture)
                      select (cell.Place, Text: text, Color: Contrast.On(axis.ColorOf(cell.Value)))).ToList();
        if (labels.Count == 0)
        {
            return;
        }

        var style = TextStyle with { Size = size };
        var widest = labels.Max(label => FontMetrics.Measure(label.Text, style).Width);
        style = style with { Size = style.Size * Math.Min(1, LabelShare * labels[0].Place.Width / Math.Max(widest, 1e-9)) };
        foreach (var (place, text, color) in labels.Where(_ => style.Size >= LeastLabelSize))
        {
            canvas.Text(text, style with { Color = color }, place.Center, HorizontalAlignment.Center, VerticalAlignment.Middle);
        }
    }
}
