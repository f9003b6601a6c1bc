using System.Xml.Linq;
using DasSearch.Reporter.Reports.Figures;
using OxyPlot;

namespace DasSearch.Reporter.Reports.Pages;

/// <summary>A figure as SVG.</summary>
internal static class FigureFiles
{
    /// <summary>For a file of its own.</summary>
    internal static string Document(Figure figure) => Export(figure, isDocument: true);

    /// <summary>For a page, where a reader's software announces it by its title.</summary>
    internal static XElement Inline(Figure figure)
    {
        var svg = XElement.Parse(Export(figure, isDocument: false));
        svg.SetAttributeValue("role", "img");
        svg.SetAttributeValue("aria-label", figure.Title);
        return svg;
    }

    /// <exception cref="InvalidOperationException">The figure could not be drawn.</exception>
    private static string Export(Figure figure, bool isDocument)
    {
        var plot = figure.Plot ?? throw new InvalidOperationException($"Figure {figure.Name} has no drawing.");
        var text = new SvgExporter { Width = Figure.Width, Height = figure.Height, IsDocument = isDocument }.ExportToString(plot);

        // The plot would show a picture of its error.
        return plot.GetLastPlotException() is { } failure
            ? throw new InvalidOperationException($"Figure {figure.Name} cannot be drawn.", failure)
            : text;
    }
}
