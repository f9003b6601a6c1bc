using DasSearch.Reporter.Reports.Figures;
using DasSearch.Reporter.Reports.Tables;

namespace DasSearch.Reporter.Reports;

/// <summary>The report as Markdown, for an issue, a lab book or a terminal.</summary>
internal static class Summary
{
    /// <summary>Writes it.</summary>
    internal static void Write(Report report, TextWriter writer)
    {
        writer.WriteLine($"# {Escape(report.Title)}");
        if (report.Comparison is { } comparison)
        {
            Write(ConsensusVerdict.Of(comparison), writer);
            Write(report.Figures, prefix: "", level: "##", writer);
        }

        foreach (var run in report.Runs)
        {
            var isAlone = report.Runs.Count == 1;
            if (!isAlone)
            {
                writer.WriteLine();
                writer.WriteLine($"## {Escape(Report.TitleOf(run.Run))}");
            }

            var level = isAlone ? "##" : "###";
            Write(run.Verdict, writer);
            Write(run.Figures, ReportWriter.PrefixOf(report, run), level, writer);
            writer.WriteLine();
            writer.WriteLine($"{level} Where this comes from");
            writer.WriteLine();
            Write(Provenance.Of(run.Run), writer);
        }
    }

    private static void Write(Verdict verdict, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"**{verdict.Answer}** {verdict.Certainty}");
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

    private static void Write(IEnumerable<(string Name, string Value)> facts, TextWriter writer)
    {
        foreach (var (name, value) in facts)
        {
            writer.WriteLine($"- {Escape(name)}: {Escape(value)}");
        }
    }

    private static void Write(IEnumerable<Figure> figures, string prefix, string level, TextWriter writer)
    {
        foreach (var figure in figures.Where(static figure => figure.Shown.Rows.Count > 0))
        {
            writer.WriteLine();
            writer.WriteLine($"{level} {figure.Title}");
            writer.WriteLine();
            if (figure.Plot is not null)
            {
                writer.WriteLine($"![{figure.Title}]({prefix}{figure.Name}.svg)");
                writer.WriteLine();
            }

            writer.WriteLine(Escape(figure.Caption));
            writer.WriteLine();
            Write(figure.Shown, writer);
        }
    }

    private static void Write(DataTable table, TextWriter writer)
    {
        WriteLine(table.Columns.Select(static column => column.Heading), writer);
        writer.WriteLine($"| {string.Join(" | ", table.Columns.Select(static column => column.IsNumber ? "---:" : "---"))} |");
        foreach (var row in table.Rows)
        {
            WriteLine(row.Zip(table.Columns, static (value, column) => column.Text(value)), writer);
        }
    }

    private static void WriteLine(IEnumerable<string> cells, TextWriter writer) =>
        writer.WriteLine($"| {string.Join(" | ", cells.Select(Escape))} |");

    // Names come from outside: none of them is to be markup.
    private static string Escape(string text) => string.Concat(text.Select(static letter => letter switch
    {
        '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '#' => $"\\{letter}",
        _ when char.IsControl(letter) => " ",
        _ => letter.ToString(),
    }));
}
