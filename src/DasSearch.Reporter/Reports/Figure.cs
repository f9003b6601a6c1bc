using System.Xml.Linq;
using OxyPlot;

namespace DasSearch.Reporter.Reports;

/// <summary>A figure of a report, with the numbers that it was drawn from.</summary>
/// <param name="Name">What its files are called, such as <c>importance</c>.</param>
/// <param name="Caption">What it shows and how that was computed, in a few sentences.</param>
/// <param name="Plot">The drawing; null where there is not enough to draw, which the caption then says.</param>
public sealed record Figure(string Name, string Title, string Caption, PlotModel? Plot, DataTable Table, double Height = 380)
{
    /// <summary>Every figure's width in pixels.</summary>
    public const double Width = 760;

    /// <summary>As many rows as a reader looks over beneath a figure of many rounds.</summary>
    internal const int MostRows = 12;

    /// <summary>The numbers that a page shows beneath it: fewer where there are too many.</summary>
    public DataTable Shown { get; init; } = Table;
}

/// <summary>A figure as SVG.</summary>
internal static class FigureDrawing
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
