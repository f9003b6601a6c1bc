using System.Text;
using System.Text.RegularExpressions;
using DasSearch.Formats;

namespace DasSearch.Reporter.Reports;

/// <summary>Writes a report: a page, a summary, and each figure as drawing and as numbers.</summary>
public static partial class ReportWriter
{
    /// <summary>The page's name within the folder.</summary>
    public const string Page = "index.html";

    private const string SummaryName = "summary.md";

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a report.</summary>
    /// <param name="folder">Where to; an older report there is replaced, anything else is left alone.</param>
    /// <returns>The names of the files, the page first.</returns>
    /// <exception cref="OutputException">The folder has other things in it or cannot be written; what was there is as it was.</exception>
    public static IReadOnlyList<string> Write(Report report, string folder)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        List<(string Name, Action<TextWriter> Write)> files =
        [
            (Page, writer => ReportPage.Write(report, writer)),
            (SummaryName, writer => MarkdownSummary.Write(report, writer)),
            .. report.Figures.SelectMany(figure => FilesOf(figure, prefix: "")),
            .. report.Runs.SelectMany(run => run.Figures.SelectMany(figure => FilesOf(figure, PrefixOf(report, run)))),
        ];
        OutputFolder.Write(folder, name => ReportFile().IsMatch(name), beside =>
        {
            foreach (var (name, write) in files)
            {
                using var writer = new StreamWriter(Path.Combine(beside, name), append: false, _utf8);
                write(writer);
            }
        });
        return [.. files.Select(static file => file.Name)];
    }

    /// <summary>What the names of a run's files begin with: nothing, where it is the only one.</summary>
    internal static string PrefixOf(Report report, RunReport run) =>
        report.Runs.Count == 1 ? "" : FormattableString.Invariant($"run-{run.Run.Number}-");

    private static IEnumerable<(string Name, Action<TextWriter> Write)> FilesOf(Figure figure, string prefix)
    {
        if (figure.Plot is not null)
        {
            yield return ($"{prefix}{figure.Name}.svg", writer => writer.Write(FigureDrawing.Document(figure)));
        }

        yield return ($"{prefix}{figure.Name}.csv", figure.Table.WriteCsv);
    }

    // Of this version and of others, whose figures may have had other names.
    [GeneratedRegex(@"^(index\.html|summary\.md|(run-\d+-)?[a-z]+\.(svg|csv))$")]
    private static partial Regex ReportFile();
}
