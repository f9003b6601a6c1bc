using System.Text;
using System.Text.RegularExpressions;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Reporter.Reports;

/// <summary>Writes a report: a page, a summary, and each figure as drawing and as numbers.</summary>
public static partial class ReportWriter
{
    /// <summary>The page's name within the folder.</summary>
    public const string Page = "index.html";

    private const string SummaryName = "summary.md";

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Reports among other things: what the page of one links to is its own.</summary>
    public static FolderKind Kind { get; } = new("report", OwnFiles);

    /// <summary>Writes a report.</summary>
    /// <param name="folder">Where to; an older report there is replaced, anything else is left alone.</param>
    /// <param name="formats">How figures are written beside the page, which has them all; at least one.</param>
    /// <param name="guard">What may be written over; by default nothing but an older report.</param>
    /// <returns>The names of the files, the page first.</returns>
    /// <exception cref="OutputUsageException">The folder has files of these names that are no report's; all is as it was.</exception>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> Write(Report report, string folder, IReadOnlyList<FigureFormat> formats, OutputGuard? guard = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(formats);
        ArgumentOutOfRangeException.ThrowIfZero(formats.Count);
        var files = FilesOf(report, formats);
        (guard ?? new OutputGuard(isForced: false, "-o")).ClaimFolder(folder, Kind, files.Select(static file => file.Name));
        OutputFolder.Write(folder, Kind, beside =>
        {
            foreach (var entry in files)
            {
                using var file = File.Create(Path.Combine(beside, entry.Name));
                entry.Write(file);
            }
        });
        return [.. files.Select(static file => file.Name)];
    }

    /// <summary>A report's files, the page first.</summary>
    /// <param name="formats">How figures are written beside the page, which has them all; at least one.</param>
    public static IReadOnlyList<ReportFile> FilesOf(Report report, IReadOnlyList<FigureFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(formats);
        return
        [
            new(Page, Text(writer => new ReportPage(report, formats).Write(writer))),
            new(SummaryName, Text(writer => MarkdownSummary.Write(report, formats, writer))),
            .. report.Figures.SelectMany(figure => FilesOf(figure, prefix: "", formats)),
            .. report.Runs.SelectMany(run => run.Figures.SelectMany(figure => FilesOf(figure, PrefixOf(report, run), formats))),
        ];
    }

    /// <summary>What the names of a run's files begin with: nothing, where it is the only one.</summary>
    internal static string PrefixOf(Report report, RunReport run) =>
        report.Runs.Count == 1 ? "" : FormattableString.Invariant($"run-{run.Run.Number}-");

    /// <summary>What a drawing's file is called.</summary>
    internal static string FileOf(Figure figure, string prefix, FigureFormat format) => $"{prefix}{figure.Name}.{EnumNames.NameOf(format)}";

    /// <summary>A figure's files: its drawings, where there is one, and its numbers.</summary>
    internal static IEnumerable<ReportFile> FilesOf(Figure figure, string prefix, IReadOnlyList<FigureFormat> formats)
    {
        foreach (var format in figure.Plot is null ? [] : formats)
        {
            yield return new ReportFile(FileOf(figure, prefix, format), file => figure.Write(format, file));
        }

        yield return new ReportFile($"{prefix}{figure.Name}.csv", Text(figure.Table.WriteCsv));
    }

    private static Action<Stream> Text(Action<TextWriter> write) => file =>
    {
        using var writer = new StreamWriter(file, _utf8, leaveOpen: true);
        write(writer);
    };

    // Where the page is another program's, so may all others be.
    private static string[] OwnFiles(string folder)
    {
        var page = Path.Combine(folder, Page);
        return File.Exists(page) && HtmlDocument.Kind.IsOwn(page)
            ? [.. Links().Matches(File.ReadAllText(page)).Select(static link => link.Groups[1].Value).Concat([Page, SummaryName])
                .Where(name => ReportFile().IsMatch(name) && File.Exists(Path.Combine(folder, name))).Distinct()]
            : [];
    }

    [GeneratedRegex("<a href=\"([^\"]+)\"")]
    private static partial Regex Links();

    // Of this version and of others, whose figures may have had other names.
    [GeneratedRegex(@"^(index\.html|summary\.md|(run-\d+-)?[a-z]+\.(svg|png|pdf|csv))$")]
    private static partial Regex ReportFile();
}

/// <summary>A file of a report.</summary>
/// <param name="Write">Writes it, from its first byte to its last.</param>
public sealed record ReportFile(string Name, Action<Stream> Write);
