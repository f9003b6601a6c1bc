using System.Xml;
using System.Xml.Linq;
using DasSearch.Formats;

namespace DasSearch.Reporter.Reports;

/// <summary>Elements of a page; whatever text goes in is escaped on the way out.</summary>
internal static class Html
{
    internal static XElement Element(string name, params object?[] content) => new(name, content);

    internal static XAttribute Class(string name) => new("class", name);

    internal static XElement Paragraph(params object?[] content) => new("p", content);

    /// <summary>A table whose columns of numbers stand to the right, in a box that scrolls when the page is too narrow for it.</summary>
    internal static XElement Table(DataTable table) => Element(
        "div",
        Class("scroll"),
        Element(
            "table",
            Element("thead", Element("tr", table.Columns.Select(column => Cell("th", column, column.Heading)))),
            Element("tbody", table.Rows.Select(row =>
                Element("tr", row.Zip(table.Columns, (value, column) => Cell("td", column, column.Text(value))))))));

    /// <summary>Names with what they stand for.</summary>
    internal static XElement Facts(IEnumerable<Fact> facts) => Element(
        "dl", facts.Select(fact => new[] { Element("dt", fact.Name), Element("dd", fact.Value) }));

    private static XElement Cell(string name, Column column, string text) =>
        Element(name, column.IsNumber ? Class("number") : null, text);
}

/// <summary>A page in one file: no script, no font, no picture from elsewhere.</summary>
internal static class HtmlDocument
{
    // Whatever else is empty needs an end tag: in HTML, <td/> opens a cell and does not close it.
    private static readonly HashSet<string> _void = ["br", "hr", "img", "link", "meta"];

    /// <summary>Pages that das wrote, among other files.</summary>
    internal static OutputKind Kind { get; } = OutputKind.Begins("page", """^<!DOCTYPE html>\n<html lang="en"><head>[^>]*>[^>]*>[^>]*><meta name="generator" content="das" />""");

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
                new XElement("meta", new XAttribute("name", "generator"), new XAttribute("content", "das")),
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
