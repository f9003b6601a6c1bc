using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OxyPlot.Svg;

/// <summary>Draws lines, areas, markers and texts as SVG. What cannot be seen is not written.</summary>
/// <param name="width">The width of the picture, in pixels.</param>
/// <param name="height">Its height, in pixels.</param>
/// <param name="font">The font of texts that name no other.</param>
internal sealed partial class SvgCanvas(double width, double height, string font)
{
    // Stands for the name of the figure until all of it is drawn. No text contains it, since XML forbids it.
    private const char FigurePlace = '\u0001';

    private readonly SvgWriter _svg = new();
    private readonly List<OxyRect> _clips = [];

    /// <summary>Draws a line along each row of points; a row of one point becomes a dot.</summary>
    public void Lines(IEnumerable<IReadOnlyList<ScreenPoint>> rows, Pen pen)
    {
        var path = new StringBuilder();
        foreach (var row in rows.Where(row => row.Count > 0))
        {
            Append(path, row);
            path.Append(row.Count == 1 ? "h0" : "");
        }

        if (path.Length > 0 && pen.IsVisible)
        {
            _svg.Open("path").Attribute("d", path.ToString()).Attribute("fill", "none");
            Stroke(pen);
            _svg.Attribute("stroke-linejoin", "round");
            if (pen.Style == LineStyle.Solid)
            {
                _svg.Attribute("stroke-linecap", "round");
            }

            _svg.Close();
        }
    }

    /// <summary>Draws straight lines with even ends, one from each point to its partner.</summary>
    public void Segments(IEnumerable<(ScreenPoint From, ScreenPoint To)> segments, Pen pen)
    {
        var path = new StringBuilder();
        foreach (var (from, to) in segments)
        {
            Append(path, [from, to]);
        }

        if (path.Length > 0 && pen.IsVisible)
        {
            _svg.Open("path").Attribute("d", path.ToString()).Attribute("fill", "none");
            Stroke(pen);
            _svg.Close();
        }
    }

    /// <summary>Fills the area within a closed line.</summary>
    public void Polygon(IReadOnlyList<ScreenPoint> points, OxyColor fill)
    {
        if (points.Count > 2 && fill.IsVisible())
        {
            var path = new StringBuilder();
            Append(path, points);
            _svg.Open("path").Attribute("d", path.Append('Z').ToString());
            Fill(fill);
            _svg.Close();
        }
    }

    /// <summary>Draws a rectangle.</summary>
    public void Rectangle(OxyRect rectangle, OxyColor fill, Pen pen)
    {
        if (!fill.IsVisible() && !pen.IsVisible)
        {
            return;
        }

        Place("rect", rectangle);
        Fill(fill);
        if (pen.IsVisible)
        {
            Stroke(pen);
        }

        _svg.Close();
    }

    /// <summary>Draws rectangles that touch without a seam.</summary>
    public void Tiles(IEnumerable<(OxyRect Place, OxyColor Fill)> tiles)
    {
        _svg.Open("g").Attribute("shape-rendering", "crispEdges");
        foreach (var (place, fill) in tiles)
        {
            Rectangle(place, fill, Pen.None);
        }

        _svg.Close();
    }

    /// <summary>Marks points alike.</summary>
    /// <param name="marks">Where, and half how wide.</param>
    /// <param name="type">With what.</param>
    /// <param name="fill">The colour, of strokes where the mark is made of strokes.</param>
    /// <param name="pen">The outline of marks that have one, the strokes of the others; without colour, strokes take the fill.</param>
    public void Markers(IEnumerable<(ScreenPoint Center, double Size)> marks, MarkerType type, OxyColor fill, Pen pen)
    {
        var strokes = Marker.IsStrokes(type);
        var line = strokes && !pen.Color.IsVisible() ? pen with { Color = fill } : pen;
        var area = strokes ? OxyColors.Undefined : fill;
        if (type == MarkerType.None || (!area.IsVisible() && !line.IsVisible))
        {
            return;
        }

        _svg.Open("g");
        Fill(area);
        if (line.IsVisible)
        {
            Stroke(line);
        }

        foreach (var (center, size) in marks.Where(mark => mark.Size > 0))
        {
            Marker.Write(_svg, type, center, size);
        }

        _svg.Close();
    }

    /// <summary>Draws the following within a rectangle only, until <see cref="EndClip"/>.</summary>
    public void BeginClip(OxyRect rectangle)
    {
        var number = _clips.IndexOf(rectangle);
        if (number < 0)
        {
            number = _clips.Count;
            _clips.Add(rectangle);
            _svg.Open("clipPath").Verbatim("id", ClipName(number));
            Place("rect", rectangle);
            _svg.Close().Close();
        }

        _svg.Open("g").Verbatim("clip-path", $"url(#{ClipName(number)})");
    }

    /// <summary>Ends what <see cref="BeginClip"/> began.</summary>
    public void EndClip() => _svg.Close();

    /// <summary>The whole picture. Its ids carry a hash of what is drawn: figures may share a page.</summary>
    public string ToSvg(string? title)
    {
        var root = new SvgWriter()
            .Open("svg").Attribute("xmlns", "http://www.w3.org/2000/svg")
            .Attribute("width", width).Attribute("height", height)
            .Attribute("viewBox", $"0 0 {SvgWriter.Number(width)} {SvgWriter.Number(height)}")
            .Attribute("font-family", font).Attribute("role", "img");
        if (!string.IsNullOrWhiteSpace(title))
        {
            root.Open("title").Content(title).Close();
        }

        var svg = root.Raw(_svg.ToString()).Close().ToString();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(svg)))[..12];
        return svg.Replace(FigurePlace.ToString(), $"figure-{hash}", StringComparison.Ordinal);
    }

    private static string ClipName(int number) => string.Create(CultureInfo.InvariantCulture, $"{FigurePlace}-clip-{number}");

    private static void Append(StringBuilder path, IReadOnlyList<ScreenPoint> points)
    {
        for (var i = 0; i < points.Count; i++)
        {
            path.Append(i == 0 ? 'M' : 'L').Append(SvgWriter.Number(points[i].X)).Append(' ').Append(SvgWriter.Number(points[i].Y));
        }
    }

    private void Place(string element, OxyRect rectangle) => _svg.Open(element)
        .Attribute("x", rectangle.Left).Attribute("y", rectangle.Top)
        .Attribute("width", Math.Max(0, rectangle.Width)).Attribute("height", Math.Max(0, rectangle.Height));

    private void Fill(OxyColor color) => Color("fill", color);

    private void Stroke(Pen pen)
    {
        Color("stroke", pen.Color);
        _svg.Attribute("stroke-width", pen.Thickness);
        if (pen.Dashes.Count > 0)
        {
            _svg.Attribute("stroke-dasharray", string.Join(' ', pen.Dashes.Select(dash => SvgWriter.Number(dash * pen.Thickness))));
        }
    }

    private void Color(string name, OxyColor color)
    {
        var rgb = string.Create(CultureInfo.InvariantCulture, $"#{color.R:x2}{color.G:x2}{color.B:x2}");
        _svg.Attribute(name, color.IsVisible() ? rgb : "none");
        if (color.A is > 0 and < byte.MaxValue)
        {
            _svg.Attribute($"{name}-opacity", color.A / 255.0);
        }
    }
}
