using OxyPlot.Svg;

namespace OxyPlot.Layout;

/// <summary>Finds places for texts beside their points where they cover neither markers nor legends nor each other.</summary>
/// <param name="area">Where they should stay.</param>
/// <param name="taken">The markers and legends.</param>
internal sealed class LabelPlacer(OxyRect area, IEnumerable<OxyRect> taken)
{
    // What is left free around markers and legends, and the least distance from a point to its text.
    private const double Clearance = 2;
    private const double LeastDistance = 8;

    // How far a text may be away from its point, in halves of its height.
    private const int Rings = 10;

    // How much worse it is to be cut than to cover something.
    private const double CostOutside = 10;

    private static readonly (HorizontalAlignment Horizontal, VerticalAlignment Vertical)[] _sides =
    [
        (HorizontalAlignment.Center, VerticalAlignment.Bottom),
        (HorizontalAlignment.Left, VerticalAlignment.Middle),
        (HorizontalAlignment.Right, VerticalAlignment.Middle),
        (HorizontalAlignment.Center, VerticalAlignment.Top),
        (HorizontalAlignment.Left, VerticalAlignment.Bottom),
        (HorizontalAlignment.Right, VerticalAlignment.Bottom),
        (HorizontalAlignment.Left, VerticalAlignment.Top),
        (HorizontalAlignment.Right, VerticalAlignment.Top),
    ];

    private readonly List<OxyRect> _taken = [.. taken.Select(place => place.Inflate(Clearance, Clearance))];

    /// <summary>The best place for a text: the one asked for unless it would cover something or be cut.</summary>
    /// <param name="size">The room that the text takes.</param>
    /// <param name="asked">Where it is to be.</param>
    /// <param name="offset">The distance from its point to that place.</param>
    public LabelPlace Place(TextSize size, LabelPlace asked, ScreenVector offset)
    {
        var point = new ScreenPoint(asked.At.X - offset.X, asked.At.Y - offset.Y);
        var distance = Math.Max(offset.Length, LeastDistance);
        var places = asked is { Horizontal: HorizontalAlignment.Center, Vertical: VerticalAlignment.Middle } && offset.Length == 0
            ? []
            : Enumerable.Range(0, Rings).Select(ring => distance + (ring * size.Height / 2)).SelectMany(
                away => _sides.Select(side => Beside(point, side, away)));
        var best = places.Prepend(asked).MinBy(place => Cost(place.Bounds(size)));
        _taken.Add(best.Bounds(size));
        return best;
    }

    private static LabelPlace Beside(
        ScreenPoint point, (HorizontalAlignment Horizontal, VerticalAlignment Vertical) side, double away)
    {
        var (x, y) = (-(int)side.Horizontal, -(int)side.Vertical);
        var length = away / Math.Sqrt((x * x) + (y * y));
        return new LabelPlace(new ScreenPoint(point.X + (x * length), point.Y + (y * length)), side.Horizontal, side.Vertical);
    }

    private double Cost(OxyRect bounds)
    {
        var outside = (bounds.Width * bounds.Height) - bounds.Overlap(area);
        return Math.Round(_taken.Sum(bounds.Overlap) + (CostOutside * outside), 3);
    }
}
