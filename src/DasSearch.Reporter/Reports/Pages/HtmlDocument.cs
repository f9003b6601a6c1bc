using System.Xml;
using System.Xml.Linq;

namespace DasSearch.Reporter.Reports.Pages;

/// <summary>A page in one file: no script, no font, no picture from elsewhere.</summary>
internal static class HtmlDocument
{
    // Whatever else is empty needs an end tag: in HTML, <td/> opens a cell and does not close it.
    private static readonly HashSet<string> _void = ["br", "hr", "img", "link", "meta"];

    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    /// <summary>Writes the page.</summary>
    internal static void Write(string title, string style, IEnumerable<XElement> body, TextWriter writer)
    {
        var page = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                new XElement("title", title),
                new XElement("style", style)),
            new XElement("body", body));
        foreach (var empty in page.Descendants().Where(element => element.IsEmpty && element.Name.Namespace != _svg && !_void.Contains(element.Name.LocalName)))
        {
            empty.Value = "";
        }

        writer.Write("<!DOCTYPE html>\n");
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, Indent = false, NewLineHandling = NewLineHandling.None };
        using var xml = XmlWriter.Create(writer, settings);
        page.Save(xml);
    }
}
