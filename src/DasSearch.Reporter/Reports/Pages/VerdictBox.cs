using System.Xml.Linq;
using DasSearch.Core.Plans;
using static DasSearch.Reporter.Reports.Pages.Html;

namespace DasSearch.Reporter.Reports.Pages;

/// <summary>A verdict on a page: the answer, the layers in a row, how sure it is, what it saves.</summary>
internal static class VerdictBox
{
    internal static XElement Of(Verdict verdict, IReadOnlyList<ModuleCosts> modules) => Element(
        "section",
        Class("verdict"),
        Element("p", Class("answer"), verdict.Answer),
        verdict.Chosen is null ? null : Element("ul", Class("layers"), modules.Select(costs => Layer(verdict, costs.Module.Index, costs.Module.Name))),
        Paragraph(verdict.Certainty),
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
