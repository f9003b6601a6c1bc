using DasSearch.Reporter.Reports.Tables;
using OxyPlot;

namespace DasSearch.Reporter.Reports.Figures;

/// <summary>A figure of a report, with the numbers that it was drawn from.</summary>
/// <param name="Name">What its files are called, such as <c>importance</c>.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Caption">What it shows and how that was computed, in a few sentences.</param>
/// <param name="Plot">The drawing; null where there is not enough to draw, which the caption then says.</param>
/// <param name="Table">The numbers, all of them.</param>
/// <param name="Height">Its height in pixels.</param>
public sealed record Figure(string Name, string Title, string Caption, PlotModel? Plot, DataTable Table, double Height = 380)
{
    /// <summary>Every figure's width in pixels.</summary>
    public const double Width = 760;

    /// <summary>As many rows as a reader looks over beneath a figure of many rounds.</summary>
    internal const int MostRows = 12;

    /// <summary>The numbers that a page shows beneath it: fewer where there are too many.</summary>
    public DataTable Shown { get; init; } = Table;
}
