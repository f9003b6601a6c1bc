using System.Globalization;
using DasSearch.Reporter.Importance;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports;

/// <summary>What all figures look like.</summary>
internal static class FigureStyle
{
    /// <summary>Of the modules that the plan skips.</summary>
    internal static readonly OxyColor Skipped = OxyColor.FromRgb(0xD5, 0x5E, 0x00);

    /// <summary>Of those that it keeps.</summary>
    internal static readonly OxyColor Kept = OxyColor.FromRgb(0x00, 0x72, 0xB2);

    /// <summary>Of what is there for comparison only.</summary>
    internal static readonly OxyColor Faint = OxyColor.FromRgb(0xB4, 0xB4, 0xB4);

    // Okabe and Ito's, which the colour-blind tell apart; the eighth, yellow, is too faint for a line on white.
    internal static readonly IReadOnlyList<OxyColor> Distinct =
    [
        OxyColor.FromRgb(0xD5, 0x5E, 0x00),
        OxyColor.FromRgb(0x00, 0x72, 0xB2),
        OxyColor.FromRgb(0x00, 0x9E, 0x73),
        OxyColor.FromRgb(0xCC, 0x79, 0xA7),
        OxyColor.FromRgb(0xE6, 0x9F, 0x00),
        OxyColor.FromRgb(0x56, 0xB4, 0xE9),
        OxyColor.FromRgb(0x00, 0x00, 0x00),
    ];

    private const int Shades = 50;

    // As many layers as an axis has room to number one by one.
    private const int MostNumbered = 26;

    /// <summary>A scale of colours that is the same for both signs, so that white is nothing.</summary>
    /// <param name="title">What the numbers are.</param>
    /// <param name="most">The largest of them, of either sign.</param>
    internal static LinearColorAxis Diverging(string title, double most) => new()
    {
        Position = AxisPosition.Right,
        Palette = _diverging,
        Minimum = -most,
        Maximum = most,
        InvalidNumberColor = OxyColor.FromRgb(0xF0, 0xF0, 0xF0),
        Title = title,
        TicklineColor = _line,
        MinorTickSize = 0,
        AxisTitleDistance = 8,
    };

    /// <summary>A scale of colours from white, for 0, to 1.</summary>
    internal static LinearColorAxis Sequential(string title) => new()
    {
        Position = AxisPosition.Right,
        Palette = OxyPalette.Interpolate(2 * Shades, OxyColors.White, Kept, OxyColors.Black),
        Minimum = 0,
        Maximum = 1,
        Title = title,
        TicklineColor = _line,
        MinorTickSize = 0,
        AxisTitleDistance = 8,
    };

    /// <summary>A square of numbers, NaN where there is none.</summary>
    internal static HeatMapSeries Cells(double[,] cells) => new()
    {
        X0 = 0,
        X1 = cells.GetLength(0) - 1,
        Y0 = 0,
        Y1 = cells.GetLength(1) - 1,
        Data = cells,
        RenderMethod = HeatMapRenderMethod.Rectangles,
    };

    /// <summary>A text in the middle of a cell.</summary>
    internal static TextAnnotation Label(int x, int y, string text) => new()
    {
        Text = text,
        TextPosition = new DataPoint(x, y),
        TextHorizontalAlignment = HorizontalAlignment.Center,
        TextVerticalAlignment = VerticalAlignment.Middle,
        StrokeThickness = 0,
    };

    /// <summary>So many rows and columns of nothing yet.</summary>
    internal static double[,] EmptyCells(int count)
    {
        var cells = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                cells[i, j] = double.NaN;
            }
        }

        return cells;
    }

    // From the colour of what is kept over white to that of what is skipped.
    private static readonly OxyPalette _diverging = new(
    [
        .. Enumerable.Range(0, Shades).Select(static i => OxyColor.Interpolate(Kept, OxyColors.White, (double)i / Shades)),
        .. Enumerable.Range(0, Shades + 1).Select(static i => OxyColor.Interpolate(OxyColors.White, Skipped, (double)i / Shades)),
    ]);

    private static readonly OxyColor _line = OxyColor.FromRgb(0x88, 0x88, 0x88);
    private static readonly OxyColor _grid = OxyColor.FromRgb(0xE4, 0xE4, 0xE4);

    /// <summary>An empty plot.</summary>
    internal static PlotModel Plot() => new()
    {
        DefaultFont = "sans-serif",
        DefaultFontSize = 13,
        Culture = CultureInfo.InvariantCulture,
        PlotAreaBorderColor = _line,
        PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1),
        TextColor = OxyColor.FromRgb(0x22, 0x22, 0x22),
    };

    /// <summary>An axis with numbers; grid lines go across from the left one.</summary>
    internal static LinearAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        TicklineColor = _line,
        MinorTickSize = 0,
        MajorGridlineStyle = position == AxisPosition.Left ? LineStyle.Solid : LineStyle.None,
        MajorGridlineColor = _grid,
        AxisTitleDistance = 8,
        MaximumPadding = 0.04,
        MinimumPadding = 0.04,
    };

    /// <summary>An axis that has room for all of the numbers, such as the ends of error bars, which series leave aside.</summary>
    internal static LinearAxis Axis(AxisPosition position, string title, IEnumerable<double> numbers, double padding = 0.04)
    {
        var axis = Axis(position, title);
        var (least, most) = numbers.Aggregate(
            (Least: double.PositiveInfinity, Most: double.NegativeInfinity),
            static (range, number) => (Math.Min(range.Least, number), Math.Max(range.Most, number)));
        if (least < most)
        {
            (axis.Minimum, axis.Maximum) = (least - (padding * (most - least)), most + (padding * (most - least)));
        }

        return axis;
    }

    /// <summary>An axis of rounds, from the first to the last.</summary>
    internal static LinearAxis Rounds(int last)
    {
        var axis = Axis(AxisPosition.Bottom, "round");
        (axis.Minimum, axis.Maximum, axis.MinimumMajorStep) = (0, Math.Max(last, 1), 1);
        return axis;
    }

    /// <summary>An axis of layers, each a step from the next.</summary>
    internal static LinearAxis Layers(AxisPosition position, int modules)
    {
        var axis = Axis(position, "layer");
        (axis.Minimum, axis.Maximum, axis.MajorGridlineStyle) = (-0.5, modules - 0.5, LineStyle.None);
        (axis.MajorStep, axis.MinimumMajorStep) = (modules <= MostNumbered ? 1 : double.NaN, 1);
        return axis;
    }

    /// <summary>A line across at 0.</summary>
    internal static LineAnnotation ZeroLine() => new()
    {
        Type = LineAnnotationType.Horizontal, Y = 0, Color = Faint, LineStyle = LineStyle.Dash, Layer = AnnotationLayer.BelowSeries,
    };

    /// <summary>Estimates of layers, with their intervals, of those that are skipped or those that are kept.</summary>
    internal static ScatterErrorSeries Intervals(bool areSkipped, IEnumerable<(int Layer, Estimate Estimate)> layers) => areSkipped
        ? Intervals("skipped", Skipped, MarkerType.Diamond, layers.Select(static layer => ((double)layer.Layer, layer.Estimate)))
        : Intervals("kept", Kept, MarkerType.Circle, layers.Select(static layer => ((double)layer.Layer, layer.Estimate)));

    /// <summary>Estimates with their intervals.</summary>
    internal static ScatterErrorSeries Intervals(string title, OxyColor color, MarkerType marker, IEnumerable<(double X, Estimate Estimate)> estimates)
    {
        var points = new ScatterErrorSeries
        {
            Title = title,
            MarkerType = marker,
            MarkerSize = marker == MarkerType.Diamond ? 6 : 5,
            MarkerFill = color,
            ErrorBarColor = color,
            ErrorBarStrokeThickness = 1.4,
            ErrorBarStopWidth = 5,
        };

        // An error's length is that of the whole bar.
        points.Points.AddRange(estimates.Select(static point =>
            new ScatterErrorPoint(point.X, point.Estimate.Value, 0, point.Estimate.Upper - point.Estimate.Lower)));
        return points;
    }

    /// <summary>A band between two curves.</summary>
    internal static AreaSeries Band(string? title, OxyColor color, byte opacity) => new()
    {
        Title = title, Color = OxyColors.Transparent, Color2 = OxyColors.Transparent, Fill = OxyColor.FromAColor(opacity, color),
    };

    /// <summary>An axis with a name for each module.</summary>
    internal static CategoryAxis Modules(AxisPosition position, IEnumerable<string> names, string title)
    {
        var axis = new CategoryAxis
        {
            Position = position,
            Title = title,
            TicklineColor = _line,
            MajorTickSize = 0,
            MinorTickSize = 0,
            AxisTitleDistance = 8,
            GapWidth = 0.4,
        };
        axis.Labels.AddRange(names);
        return axis;
    }

    /// <summary>A legend to the right of the plot.</summary>
    internal static Legend Legend() => new()
    {
        LegendPlacement = LegendPlacement.Outside,
        LegendPosition = LegendPosition.RightTop,
        LegendBorderThickness = 0,
    };
}
