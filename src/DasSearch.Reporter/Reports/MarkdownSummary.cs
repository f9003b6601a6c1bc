namespace DasSearch.Reporter.Reports;

/// <summary>The report as Markdown, for an issue, a lab book or a terminal.</summary>
internal static class MarkdownSummary
{
    internal static void Write(Report report, IReadOnlyList<FigureFormat> formats, TextWriter writer)
    {
        writer.WriteLine($"# {Markdown.Escape(report.Title)}");
        if (report.Comparison is { } comparison)
        {
            Write(Verdict.Of(comparison), writer);
            Write(report.Figures, prefix: "", formats, level: "##", writer);
        }

        foreach (var run in report.Runs)
        {
            var isAlone = report.Runs.Count == 1;
            if (!isAlone)
            {
                writer.WriteLine();
                writer.WriteLine($"## {Markdown.Escape(Report.TitleOf(run.Run))}");
            }

            var level = isAlone ? "##" : "###";
            Write(run.Verdict, writer);
            Write(run.Figures, ReportWriter.PrefixOf(report, run), formats, level, writer);
            writer.WriteLine();
            writer.WriteLine($"{level} Where this comes from");
            writer.WriteLine();
            Write(run.Provenance, writer);
            writer.WriteLine();
            writer.WriteLine($"{level} Events");
            writer.WriteLine();
            Write(run.Events.Select(static one => new Fact(RunReport.Time(one.At), one.What)), writer);
        }
    }

    private static void Write(Verdict verdict, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"**{verdict.Answer}** {verdict.Confidence}");
        if (verdict.Warning is { } warning)
        {
            writer.WriteLine();
            writer.WriteLine($"> {warning}");
        }

        if (verdict.Savings.Count > 0)
        {
            writer.WriteLine();
            Write(verdict.Savings, writer);
        }
    }

    private static void Write(IEnumerable<Fact> facts, TextWriter writer)
    {
        foreach (var (name, value) in facts)
        {
            writer.WriteLine($"- {Markdown.Escape(name)}: {Markdown.Escape(value)}");
        }
    }

    private static void Write(
        IEnumerable<Figure> figures, string prefix, IReadOnlyList<FigureFormat> formats, string level, TextWriter writer)
    {
        foreach (var figure in figures.Where(static figure => figure.Shown.Rows.Count > 0))
        {
            writer.WriteLine();
            writer.WriteLine($"{level} {figure.Title}");
            writer.WriteLine();
            if (figure.Plot is not null)
            {
                // Readers of Markdown show pictures, but no PDF.
                var shown = formats.OrderBy(static format => format).First();
                writer.WriteLine($"{(shown == FigureFormat.Pdf ? "" : "!")}[{figure.Title}]({ReportWriter.FileOf(figure, prefix, shown)})");
                writer.WriteLine();
            }

            writer.WriteLine(Markdown.Escape(figure.Caption));
            writer.WriteLine();
            figure.Shown.WriteMarkdown(writer);
        }
    }
}
