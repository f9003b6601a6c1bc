using System.Xml.Linq;
using static DasSearch.Reporter.Reports.Pages.Html;

namespace DasSearch.Reporter.Reports.Pages;

/// <summary>The page of a report: one file that opens anywhere.</summary>
internal static class ReportPage
{
    private const string Style = "report.css";

    /// <summary>Writes the page.</summary>
    internal static void Write(Report report, TextWriter writer) => HtmlDocument.Write(
        report.Title,
        StyleSheet(),
        [Element("h1", report.Title), .. report.Runs is [var run] ? Alone(run) : Together(report)],
        writer);

    private static IEnumerable<XElement> Alone(RunReport run) =>
    [
        Element("p", Class("soft"), RunSection.Searched(run)),
        RunSection.Verdict(run),
        Element("h2", "What the rewards say"),
        .. RunSection.Rewards(run, prefix: ""),
        Element("h2", "Where this comes from"),
        .. RunSection.Provenance(run),
    ];

    private static IEnumerable<XElement> Together(Report report) =>
    [
        Element("ul", report.Runs.Select(run => Element("li", Report.TitleOf(run.Run) + ": ", RunSection.Searched(run)))),
        VerdictBox.Of(ConsensusVerdict.Of(report.Comparison!), report.Runs[0].Run.Details.Costs.Modules),
        Element("h2", "What the runs say together"),
        .. FigureBox.All(report.Figures, prefix: ""),
        .. report.Runs.SelectMany(run => Single(run, ReportWriter.PrefixOf(report, run))),
    ];

    private static IEnumerable<XElement> Single(RunReport run, string prefix) =>
    [
        Element("h2", Report.TitleOf(run.Run)),
        Element("p", Class("soft"), RunSection.Searched(run)),
        RunSection.Verdict(run),
        .. RunSection.Rewards(run, prefix),
        Element("h3", "Where this comes from"),
        .. RunSection.Provenance(run),
    ];

    private static string StyleSheet()
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream(Style)!);
        return reader.ReadToEnd();
    }
}
