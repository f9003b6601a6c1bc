using System.Globalization;
using System.Xml.Linq;

namespace OxyPlot.Tests.Drawing;

/// <summary>A plot drawn as SVG and read again by an XML parser.</summary>
internal sealed class Picture
{
    private Picture(string svg, PlotModel model)
    {
        Svg = svg;
        Model = model;
        Root = XDocument.Parse(svg).Root!;
        Texts = [.. Elements("text").Select(PlacedText.Of)];
    }

    public string Svg { get; }

    public PlotModel Model { get; }

    public XElement Root { get; }

    /// <summary>The texts in the order in which they are drawn.</summary>
    public IReadOnlyList<PlacedText> Texts { get; }

    public static Picture Of(PlotModel model, double width = 700, double height = 420) =>
        new(new SvgExporter { Width = width, Height = height }.ExportToString(model), model);

    public static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    public IEnumerable<XElement> Elements(string name) => Root.Descendants(Root.Name.Namespace + name);

    /// <summary>The centres of discs, as markers are when they are circles.</summary>
    public IReadOnlyList<ScreenPoint> Discs() =>
        [.. Elements("circle").Select(disc => new ScreenPoint(Number(disc, "cx"), Number(disc, "cy")))];

    /// <summary>The rectangles of one colour.</summary>
    public IReadOnlyList<OxyRect> Rectangles(OxyColor fill) =>
    [
        .. Elements("rect").Where(rectangle => (string?)rectangle.Attribute("fill") == Name(fill)).Select(rectangle => new OxyRect(
            Number(rectangle, "x"), Number(rectangle, "y"), Number(rectangle, "width"), Number(rectangle, "height"))),
    ];

    /// <summary>The courses of lines of one colour.</summary>
    public IReadOnlyList<string> Lines(OxyColor stroke) =>
        [.. Elements("path").Where(path => (string?)path.Attribute("stroke") == Name(stroke)).Select(path => path.Attribute("d")!.Value)];

    private static string Name(OxyColor color) => "#" + color.ToString()[3..];
}
