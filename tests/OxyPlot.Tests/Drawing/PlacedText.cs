using System.Globalization;
using System.Xml.Linq;
using OxyPlot.Svg;

namespace OxyPlot.Tests.Drawing;

/// <summary>A text of a picture, with the corners of the room that it takes by the widths that the layout goes by.</summary>
internal sealed record PlacedText(string Text, double Size, IReadOnlyList<ScreenPoint> Corners)
{
    public static PlacedText Of(XElement element)
    {
        var (x, y, size) = (Picture.Number(element, "x"), Picture.Number(element, "y"), Picture.Number(element, "font-size"));
        var weight = element.Attribute("font-weight") is null ? FontWeights.Normal : Picture.Number(element, "font-weight");
        var width = FontMetrics.Measure(element.Value, new TextStyle("", size, weight, OxyColors.Black)).Width;
        var left = x - ((string?)element.Attribute("text-anchor") switch { "middle" => width / 2, "end" => width, _ => 0 });
        var top = y - (size * FontMetrics.Baseline);
        var bottom = top + (size * FontMetrics.LineHeight);
        ScreenPoint[] corners = [new(left, top), new(left + width, top), new(left + width, bottom), new(left, bottom)];
        return new PlacedText(element.Value, size, [.. corners.Select(corner => Turned(corner, (string?)element.Attribute("transform")))]);
    }

    /// <summary>Whether the rooms of two texts share more than an edge, by the separating axis theorem.</summary>
    public bool Overlaps(PlacedText other)
    {
        const double Touching = 0.1;
        return Directions().Concat(other.Directions()).All(direction =>
        {
            var (a, b) = (Shadow(direction), other.Shadow(direction));
            return a.Max - Touching > b.Min && b.Max - Touching > a.Min;
        });
    }

    public bool LiesIn(OxyRect rectangle) => Corners.All(rectangle.Inflate(0.1, 0.1).Contains);

    private static ScreenPoint Turned(ScreenPoint point, string? transform)
    {
        if (transform is null)
        {
            return point;
        }

        var numbers = transform["rotate(".Length..^1].Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (angle, x, y) = (numbers[0] * Math.PI / 180, point.X - numbers[1], point.Y - numbers[2]);
        return new ScreenPoint(
            numbers[1] + (x * Math.Cos(angle)) - (y * Math.Sin(angle)), numbers[2] + (x * Math.Sin(angle)) + (y * Math.Cos(angle)));
    }

    private IEnumerable<ScreenVector> Directions() =>
    [
        Unit(Corners[0], Corners[1]),
        Unit(Corners[1], Corners[2]),
    ];

    private static ScreenVector Unit(ScreenPoint from, ScreenPoint to)
    {
        var length = from.DistanceTo(to);
        return new ScreenVector((to.X - from.X) / length, (to.Y - from.Y) / length);
    }

    private (double Min, double Max) Shadow(ScreenVector direction)
    {
        var places = Corners.Select(corner => (corner.X * direction.X) + (corner.Y * direction.Y)).ToList();
        return (places.Min(), places.Max());
    }
}
