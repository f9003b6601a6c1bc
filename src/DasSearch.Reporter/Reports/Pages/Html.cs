using System.Xml.Linq;
using DasSearch.Reporter.Reports.Tables;

namespace DasSearch.Reporter.Reports.Pages;

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
    internal static XElement Facts(IEnumerable<(string Name, string Value)> facts) => Element(
        "dl", facts.Select(fact => new[] { Element("dt", fact.Name), Element("dd", fact.Value) }));

    private static XElement Cell(string name, Column column, string text) =>
        Element(name, column.IsNumber ? Class("number") : null, text);
}
