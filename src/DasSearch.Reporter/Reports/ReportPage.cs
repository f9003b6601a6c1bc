using System.Globalization;
using System.Xml.Linq;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Reporter.Importance;
using static DasSearch.Reporter.Reports.Html;

namespace DasSearch.Reporter.Reports;

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
        VerdictBox.Of(Verdict.Of(report.Comparison!), report.Runs[0].Run.Details.Costs.Modules),
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
    /// <param name="prefix">What the names of its files begin with.</param>
    internal static IEnumerable<XElement> Rewards(RunReport report, string prefix) =>
        [Reliability(report.Run.Importance), .. FigureBox.All(report.Figures, prefix)];

    /// <summary>Where the numbers come from.</summary>
    internal static IEnumerable<XElement> Provenance(RunReport report) =>
    [
        Facts(report.Provenance),
        Element("details", Element("summary", "Settings in full"), Element("pre", report.Run.Details.ConfigText)),
    ];

    private static XElement Reliability(ImportanceAnalysis importance) => Paragraph(importance.SplitHalf() is { } half
        ? string.Create(CultureInfo.InvariantCulture, $"Reliability of the ranking: {half.Reliability:0.00}. ") + ImportanceMethod.Reliability
        : "The run is too short for its halves to be compared.");
}

/// <summary>A verdict on a page: the answer, the layers in a row, how sure it is, what it saves.</summary>
internal static class VerdictBox
{
    internal static XElement Of(Verdict verdict, IReadOnlyList<ModuleCosts> modules) => Element(
        "section",
        Class("verdict"),
        Element("p", Class("answer"), verdict.Answer),
        verdict.Chosen is null ? null : Element("ul", Class("layers"), modules.Select(costs => Layer(verdict, costs.Module.Index, costs.Module.Name))),
        Paragraph(verdict.Confidence),
        verdict.Warning is null ? null : Element("p", Class("warning"), verdict.Warning),
        verdict.Savings.Count == 0
            ? null
            : Element("div", Class("cards"), verdict.Savings.Select(static fact => Element("div", fact.Name, Element("b", fact.Value)))));

    private static XElement Layer(Verdict verdict, int index, string name)
    {
        var isSkipped = verdict.Chosen!.Contains(index);
        var isToss = verdict.CoinTosses.Contains(index);
        var title = $"{name}: {(isSkipped ? "skipped" : "kept")}{(isToss ? ", a coin toss" : "")}";
        return Element(
            "li",
            Class((isSkipped ? "skipped" : "kept") + (isToss ? " toss" : "")),
            new XAttribute("title", title),
            new XAttribute("aria-label", title),
            index);
    }
}

/// <summary>Figures on a page, each with its files' names and a table beneath.</summary>
internal static class FigureBox
{
    /// <summary>All of them, in their order.</summary>
    /// <param name="prefix">What the names of their files begin with.</param>
    internal static IEnumerable<XElement> All(IEnumerable<Figure> figures, string prefix)
    {
        foreach (var figure in figures)
        {
            yield return Element("h3", figure.Title);
            yield return Element(
                "figure",
                figure.Plot is null ? null : FigureDrawing.Inline(figure),
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
