using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>Title and subtitle, broken into lines that fit the picture.</summary>
internal sealed class Titles
{
    private readonly PlotModel _plot;
    private readonly IReadOnlyList<(string Text, TextStyle Style)> _blocks;

    public Titles(PlotModel plot, double width)
    {
        _plot = plot;
        (string? Text, TextStyle Style)[] blocks =
        [
            (plot.Title, StyleOf(plot.TitleFontSize, plot.TitleFontWeight, plot.TitleColor)),
            (plot.Subtitle, StyleOf(plot.SubtitleFontSize, plot.SubtitleFontWeight, plot.SubtitleColor)),
        ];
        _blocks = [.. from block in blocks
                      where !string.IsNullOrWhiteSpace(block.Text)
                      select (FontMetrics.Wrap(block.Text!, block.Style, width), block.Style)];
    }

    /// <summary>The room above the plot, with the distance to it.</summary>
    public double Height => _blocks.Count == 0 ? 0 : _blocks.Sum(HeightOf) + Math.Max(0, _plot.TitlePadding);

    public void Draw(SvgCanvas canvas, OxyRect inner, OxyRect plotArea)
    {
        var over = _plot.TitleHorizontalAlignment == TitleHorizontalAlignment.CenteredWithinView ? inner : plotArea;
        var top = inner.Top;
        foreach (var (text, style) in _blocks)
        {
            var half = FontMetrics.Measure(text, style).Width / 2;
            var middle = Math.Max(inner.Left + half, Math.Min(over.Center.X, inner.Right - half));
            canvas.Text(text, style, new ScreenPoint(middle, top), HorizontalAlignment.Center, VerticalAlignment.Top);
            top += HeightOf((text, style));
        }
    }

    private static double HeightOf((string Text, TextStyle Style) block) => FontMetrics.Measure(block.Text, block.Style).Height;

    private TextStyle StyleOf(double size, double weight, OxyColor color) => new(
        _plot.DefaultFont, size > 0 && double.IsFinite(size) ? size : _plot.DefaultTextSize, weight, color.GetActualColor(_plot.TextColor));
}
