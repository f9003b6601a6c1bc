using OxyPlot.Legends;
using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>The legends of a plot, and the room that those outside the plot area take from it.</summary>
internal sealed class LegendLayout
{
    private readonly IReadOnlyList<(LegendBase Legend, LegendBlock Block)> _legends;

    private LegendLayout(IReadOnlyList<(LegendBase Legend, LegendBlock Block)> legends) => _legends = legends;

    /// <summary>The room on each side, without the axes.</summary>
    public OxyThickness Margins => _legends.Where(entry => entry.Legend.LegendPlacement == LegendPlacement.Outside).Aggregate(
        new OxyThickness(0), (margins, entry) => margins.Include(MarginsOf(entry.Legend, entry.Block)));

    public static LegendLayout Of(PlotModel plot, OxyRect room) => new(
        [.. from legend in plot.Legends
            where plot.IsLegendVisible && legend.IsLegendVisible
            let block = new LegendBlock(legend, room)
            where !block.IsEmpty
            select (legend, block)]);

    /// <summary>Where the legends are: those outside at the edge of the room, beside the plot area; the others upon it.</summary>
    public IEnumerable<OxyRect> Places(OxyRect room, OxyRect plotArea) => _legends.Select(entry =>
    {
        var inside = plotArea.Deflate(new OxyThickness(entry.Legend.LegendMargin));
        var (edges, along) = entry.Legend.LegendPlacement == LegendPlacement.Outside ? (room, plotArea) : (inside, inside);
        var corner = Corner(entry.Legend.LegendPosition, entry.Block, edges, along);
        return new OxyRect(corner.X, corner.Y, entry.Block.Width, entry.Block.Height);
    });

    /// <summary>Draws the legends in their places.</summary>
    public void Draw(SvgCanvas canvas, OxyRect room, OxyRect plotArea)
    {
        foreach (var (entry, place) in _legends.Zip(Places(room, plotArea)))
        {
            entry.Block.Draw(canvas, place);
        }
    }

    private static OxyThickness MarginsOf(LegendBase legend, LegendBlock block)
    {
        var (width, height) = (block.Width + legend.LegendMargin, block.Height + legend.LegendMargin);
        return legend.LegendPosition switch
        {
            LegendPosition.LeftTop or LegendPosition.LeftMiddle or LegendPosition.LeftBottom => new OxyThickness(width, 0, 0, 0),
            LegendPosition.RightTop or LegendPosition.RightMiddle or LegendPosition.RightBottom => new OxyThickness(0, 0, width, 0),
            LegendPosition.TopLeft or LegendPosition.TopCenter or LegendPosition.TopRight => new OxyThickness(0, height, 0, 0),
            _ => new OxyThickness(0, 0, 0, height),
        };
    }

    /// <summary>
    /// The upper left corner of a legend at an edge of one rectangle, aligned along another, and within the first if it fits.
    /// </summary>
    private static ScreenPoint Corner(LegendPosition position, LegendBlock block, OxyRect edges, OxyRect along)
    {
        var (left, middle, right) = (along.Left, along.Center.X - (block.Width / 2), along.Right - block.Width);
        var (top, center, bottom) = (along.Top, along.Center.Y - (block.Height / 2), along.Bottom - block.Height);
        var (x, y) = position switch
        {
            LegendPosition.TopLeft => (left, edges.Top),
            LegendPosition.TopCenter => (middle, edges.Top),
            LegendPosition.TopRight => (right, edges.Top),
            LegendPosition.BottomLeft => (left, edges.Bottom - block.Height),
            LegendPosition.BottomCenter => (middle, edges.Bottom - block.Height),
            LegendPosition.BottomRight => (right, edges.Bottom - block.Height),
            LegendPosition.LeftTop => (edges.Left, top),
            LegendPosition.LeftMiddle => (edges.Left, center),
            LegendPosition.LeftBottom => (edges.Left, bottom),
            LegendPosition.RightTop => (edges.Right - block.Width, top),
            LegendPosition.RightMiddle => (edges.Right - block.Width, center),
            _ => (edges.Right - block.Width, bottom),
        };
        return new ScreenPoint(
            Math.Max(edges.Left, Math.Min(x, edges.Right - block.Width)),
            Math.Max(edges.Top, Math.Min(y, edges.Bottom - block.Height)));
    }
}
