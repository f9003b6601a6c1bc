using OxyPlot.Legends;
using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>A legend whose entries are put into rows and columns.</summary>
internal sealed class LegendBlock
{
    // What a legend outside the plot area may take from it, and a name of the picture's width.
    private const double LargestShare = 0.4;

    private readonly LegendBase _legend;
    private readonly TextStyle _style;
    private readonly TextStyle _titleStyle;
    private readonly string _title;
    private readonly TextSize _titleSize;
    private readonly IReadOnlyList<(Series.Series Series, string Name)> _entries;
    private readonly int _rows;
    private readonly IReadOnlyList<double> _columns;

    /// <summary>Arranges the entries of a legend in the room that it may take.</summary>
    public LegendBlock(LegendBase legend, OxyRect room)
    {
        _legend = legend;
        _style = legend.StyleOf(legend.LegendFontSize, legend.LegendFontWeight, legend.LegendTextColor);
        var titleSize = legend.LegendTitleFontSize > 0 ? legend.LegendTitleFontSize : legend.LegendFontSize;
        _titleStyle = legend.StyleOf(titleSize, legend.LegendTitleFontWeight, legend.LegendTitleColor);
        _title = FontMetrics.Shorten(legend.LegendTitle ?? "", _titleStyle, room.Width);
        _titleSize = _title.Length > 0 ? FontMetrics.Measure(_title, _titleStyle) : default;

        var named = from series in legend.Plot.VisibleSeries
                    where series.RenderInLegend && !string.IsNullOrWhiteSpace(series.Title)
                    select (series, FontMetrics.Shorten(series.Title!, _style, room.Width * LargestShare));
        _entries = [.. legend.LegendItemOrder == LegendItemOrder.Reverse ? named.Reverse() : named];

        var isBeside = legend.LegendPosition is >= LegendPosition.LeftTop and <= LegendPosition.RightBottom;
        var isOutside = legend.LegendPlacement == LegendPlacement.Outside;
        var width = Least(legend.LegendMaxWidth, room.Width * (isOutside && isBeside ? LargestShare : 1));
        var height = Least(legend.LegendMaxHeight, room.Height * (isOutside && !isBeside ? LargestShare : 1));
        _rows = RowsIn(width - (2 * legend.LegendPadding), height - (2 * legend.LegendPadding) - _titleSize.Height);
        _columns = ColumnWidths(_rows);
    }

    /// <summary>Whether there is nothing to explain.</summary>
    public bool IsEmpty => _entries.Count == 0;

    public double Width => Math.Max(_titleSize.Width, Sum(_columns)) + (2 * _legend.LegendPadding);

    public double Height => _titleSize.Height + (_rows * CellHeight) + (2 * _legend.LegendPadding);

    private bool IsHorizontal => _legend.LegendOrientation == LegendOrientation.Horizontal;

    private double CellHeight => (_style.Size * FontMetrics.LineHeight) + 2 + _legend.LegendLineSpacing;

    private double Gap => IsHorizontal ? _legend.LegendItemSpacing : _legend.LegendColumnSpacing;

    /// <summary>Draws the legend in a frame of its width and height.</summary>
    public void Draw(SvgCanvas canvas, OxyRect frame)
    {
        canvas.Rectangle(frame, _legend.LegendBackground, new Pen(_legend.LegendBorder, _legend.LegendBorderThickness));
        var (left, top) = (frame.Left + _legend.LegendPadding, frame.Top + _legend.LegendPadding);
        canvas.Text(_title, _titleStyle, new ScreenPoint(left, top), HorizontalAlignment.Left, VerticalAlignment.Top);
        top += _titleSize.Height;
        for (var i = 0; i < _entries.Count; i++)
        {
            var (row, column) = Cell(i, _rows);
            var before = _columns.Take(column).Sum(width => width + Gap);
            var symbol = new OxyRect(left + before, top + (row * CellHeight), _legend.LegendSymbolLength, CellHeight);
            _entries[i].Series.DrawSymbol(canvas, symbol);
            var at = new ScreenPoint(symbol.Right + _legend.LegendSymbolMargin, symbol.Center.Y);
            canvas.Text(_entries[i].Name, _style, at, HorizontalAlignment.Left, VerticalAlignment.Middle);
        }
    }

    private static double Least(double set, double room) => set > 0 ? Math.Min(set, room) : room;

    /// <summary>As few rows as the width allows where entries follow each other in rows, otherwise as many as the height allows.</summary>
    private int RowsIn(double width, double height)
    {
        if (!IsHorizontal)
        {
            var most = (int)Math.Clamp(Math.Floor(height / CellHeight), 1, Math.Max(1, _entries.Count));
            return Ratio(_entries.Count, Ratio(_entries.Count, most));
        }

        var rows = 1;
        while (rows < _entries.Count && Sum(ColumnWidths(rows)) > width)
        {
            rows++;
        }

        return rows;
    }

    private (int Row, int Column) Cell(int index, int rows)
    {
        var columns = Ratio(_entries.Count, rows);
        return IsHorizontal ? (index / columns, index % columns) : (index % rows, index / rows);
    }

    private IReadOnlyList<double> ColumnWidths(int rows) =>
    [
        .. _entries.Select((entry, i) => (Cell(i, rows).Column, FontMetrics.Measure(entry.Name, _style).Width))
            .GroupBy(cell => cell.Column, cell => cell.Width)
            .OrderBy(column => column.Key)
            .Select(column => _legend.LegendSymbolLength + _legend.LegendSymbolMargin + column.Max()),
    ];

    private double Sum(IReadOnlyList<double> columns) => columns.Sum() + (Gap * Math.Max(0, columns.Count - 1));

    private static int Ratio(int a, int b) => Math.Max(1, (a + b - 1) / Math.Max(1, b));
}
