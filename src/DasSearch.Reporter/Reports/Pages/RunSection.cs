using System.Globalization;
using System.Xml.Linq;
using DasSearch.Core;
using DasSearch.Reporter.Importance;
using static DasSearch.Reporter.Reports.Pages.Html;

namespace DasSearch.Reporter.Reports.Pages;

/// <summary>A run's story on a page: the verdict, its figures with their numbers, and where they come from.</summary>
internal static class RunSection
{
    /// <summary>What was searched, in a line.</summary>
    internal static string Searched(RunReport report)
    {
        var (summary, modules) = (report.Run.Details.Summary, report.Run.Details.Costs.Modules);
        var what = modules.All(static costs => costs.Module.Kind == ModuleKind.Whole)
            ? "layers"
            : $"parts of layers (layer 0 below is {modules[0].Module.Name}, 1 is {modules[1].Module.Name}, and so on)";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Task} on {summary.Backbone}: {summary.Controller} skips {summary.Skip} of {modules.Count} {what}, seed {summary.Seed}, "
            + $"{summary.Rounds:N0} rounds, {summary.Evaluations:N0} evaluations");
    }

    /// <summary>The verdict, which comes first.</summary>
    internal static XElement Verdict(RunReport report) => VerdictBox.Of(report.Verdict, report.Run.Details.Costs.Modules);

    /// <summary>What the rewards say.</summary>
    /// <param name="report">The run.</param>
    /// <param name="prefix">What the names of its files begin with.</param>
    internal static IEnumerable<XElement> Rewards(RunReport report, string prefix) =>
        [Reliability(report.Run.Importance), .. FigureBox.All(report.Figures, prefix)];

    /// <summary>Where the numbers come from.</summary>
    internal static IEnumerable<XElement> Provenance(RunReport report) =>
    [
        Facts(Reports.Provenance.Of(report.Run)),
        Element("details", Element("summary", "Settings in full"), Element("pre", report.Run.Details.ConfigText)),
    ];

    private static XElement Reliability(ImportanceAnalysis importance) => Paragraph(importance.SplitHalf() is { } half
        ? string.Create(CultureInfo.InvariantCulture, $"Reliability of the ranking: {half.Reliability:0.00}. ") + ImportanceMethod.Reliability
        : "The run is too short for its halves to be compared.");
}
