using System.Globalization;
using System.Xml.Linq;
using DasSearch.Reporter.Reports.Figures;
using static DasSearch.Reporter.Reports.Pages.Html;

namespace DasSearch.Reporter.Reports.Pages;

/// <summary>Figures on a page, each with its files' names and a table beneath.</summary>
internal static class FigureBox
{
    /// <summary>All of them, in their order.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="prefix">What the names of their files begin with.</param>
    internal static IEnumerable<XElement> All(IEnumerable<Figure> figures, string prefix)
    {
        foreach (var figure in figures)
        {
            yield return Element("h3", figure.Title);
            yield return Element(
                "figure",
                figure.Plot is null ? null : FigureFiles.Inline(figure),
                Element("figcaption", figure.Caption, Files(figure, prefix)));
            if (figure.Shown.Rows.Count > 0)
            {
                yield return Table(figure.Shown);
                if (figure.Shown.Rows.Count < figure.Table.Rows.Count)
                {
                    yield return Element("p", Class("soft"), string.Create(
                        CultureInfo.InvariantCulture, $"{figure.Shown.Rows.Count} of {figure.Table.Rows.Count} rows; the CSV has all."));
                }
            }
        }
    }

    private static IEnumerable<object> Files(Figure figure, string prefix)
    {
        yield return " ";
        if (figure.Plot is not null)
        {
            yield return Link($"{prefix}{figure.Name}.svg", "SVG");
            yield return " · ";
        }

        yield return Link($"{prefix}{figure.Name}.csv", "CSV");
    }

    private static XElement Link(string file, string text) => Element("a", new XAttribute("href", file), text);
}
