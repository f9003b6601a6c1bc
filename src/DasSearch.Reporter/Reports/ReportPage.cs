using System.Globalization;
using System.Xml.Linq;
using DasSearch.Core;
using DasSearch.Core.Plans;
using static DasSearch.Reporter.Reports.Html;

namespace DasSearch.Reporter.Reports;

/// <summary>The page of a report: one file that opens anywhere.</summary>
/// <param name="report">The report.</param>
/// <param name="formats">The formats of the figures' files, which the page links to.</param>
internal sealed class ReportPage(Report report, IReadOnlyList<FigureFormat> formats)
{
    private const string StyleSheetName = "report.css";

    internal void Write(TextWriter writer) => HtmlDocument.Write(
        report.Title,
        StyleSheet(),
        [Element("h1", report.Title), .. report.Runs is [var run] ? Single(run) : Together()],
        writer);

    private IEnumerable<XElement> Single(RunReport run) =>
    [
        Element("p", Class("soft"), run.Searched),
        VerdictOf(run),
        Element("h2", "What the rewards say"),
        .. Rewards(run, prefix: ""),
        Element("h2", "Where this comes from"),
        .. Provenance(run),
    ];

    private IEnumerable<XElement> Together() =>
    [
        Element("ul", report.Runs.Select(run => Element("li", Report.TitleOf(run.Run) + ": ", run.Searched))),
        VerdictBox(Verdict.Of(report.Comparison!), report.Runs[0].Run.Details.Costs.Modules),
        Element("h2", "What the runs say together"),
        .. Figures(report.Figures, prefix: ""),
        .. report.Runs.SelectMany(OneOfSeveral),
    ];

    private IEnumerable<XElement> OneOfSeveral(RunReport run) =>
    [
        Element("h2", Report.TitleOf(run.Run)),
        Element("p", Class("soft"), run.Searched),
        VerdictOf(run),
        .. Rewards(run, ReportWriter.PrefixOf(report, run)),
        Element("h3", "Where this comes from"),
        .. Provenance(run),
    ];

    private IEnumerable<XElement> Rewards(RunReport run, string prefix) => [Paragraph(run.Reliability), .. Figures(run.Figures, prefix)];

    private static IEnumerable<XElement> Provenance(RunReport run) =>
    [
        Facts(run.Provenance),
        Element("details", Element("summary", "Settings in full"), Element("pre", run.Run.Details.ConfigText)),
        Element("details", Element("summary", "Events"), Element("ul", run.Events.Select(static one => Element("li", $"{RunReport.Time(one.At)}: {one.What}")))),
    ];

    private static XElement VerdictOf(RunReport run) => VerdictBox(run.Verdict, run.Run.Details.Costs.Modules);

    // The answer, the layers in a row, how sure it is, what it saves.
    private static XElement VerdictBox(Verdict verdict, IReadOnlyList<ModuleCosts> modules) => Element(
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

    // Each with its files' names and a table beneath.
    private IEnumerable<XElement> Figures(IEnumerable<Figure> figures, string prefix)
    {
        foreach (var figure in figures)
        {
            yield return Element("h3", figure.Title);
            yield return Element(
                "figure", figure.Plot is null ? null : figure.Inline(prefix + figure.Name), Element("figcaption", figure.Caption, Files(figure, prefix)));
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

    private IEnumerable<object> Files(Figure figure, string prefix)
    {
        yield return " ";
        foreach (var format in figure.Plot is null ? [] : formats)
        {
            yield return Link(ReportWriter.FileOf(figure, prefix, format), EnumNames.NameOf(format).ToUpperInvariant());
            yield return " · ";
        }

        yield return Link($"{prefix}{figure.Name}.csv", "CSV");
    }

    private static XElement Link(string file, string text) => Element("a", new XAttribute("href", file), text);

    private static string StyleSheet()
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream(StyleSheetName)!);
        return reader.ReadToEnd();
    }
}
