using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Reporter.Reports;

namespace DasSearch.Reporter.Analyses;

/// <summary>What tells an analysis's figure from others: its name and the columns of its numbers.</summary>
public sealed record FigureKind(string Name, IReadOnlyList<Column> Columns)
{
    /// <summary>The kind of a figure.</summary>
    /// <param name="name">What its files are called.</param>
    /// <param name="empty">Its table without rows.</param>
    internal static FigureKind Of(string name, DataTable empty) => new(name, empty.Columns);

    /// <summary>How its CSV file begins.</summary>
    internal string Header => string.Join(',', Columns.Select(static column => column.Name)) + "\n";
}

/// <summary>Writes an analysis into a folder: each figure as CSV and as drawings.</summary>
public static class AnalysisFolder
{
    private static readonly IReadOnlyList<FigureFormat> _formats = Enum.GetValues<FigureFormat>();

    /// <summary>Makes sure that it can be written, and may be, before the work begins.</summary>
    /// <param name="folder">The folder; need not be there.</param>
    /// <param name="figures">What is to be drawn.</param>
    /// <param name="formats">How.</param>
    /// <param name="guard">What may be written over.</param>
    /// <exception cref="OutputUsageException">Something there may not be written over.</exception>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    public static void Claim(string folder, IReadOnlyList<FigureKind> figures, IReadOnlyList<FigureFormat> formats, OutputGuard guard)
    {
        ArgumentNullException.ThrowIfNull(guard);
        guard.ClaimFolder(folder, Kind(figures), figures.SelectMany(figure => NamesOf(figure.Name, formats)));
    }

    /// <summary>Writes it; what an older analysis of the same figures left there is replaced, all else is left alone.</summary>
    /// <returns>The names of the files.</returns>
    /// <exception cref="OutputUsageException">Something there may not be written over.</exception>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<Figure> figures, string folder, IReadOnlyList<FigureFormat> formats, OutputGuard guard)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var kinds = figures.Select(static figure => FigureKind.Of(figure.Name, figure.Table)).ToList();
        Claim(folder, kinds, formats, guard);
        var files = figures.SelectMany(figure => ReportWriter.FilesOf(figure, prefix: "", formats)).ToList();
        OutputFolder.Write(folder, Kind(kinds), beside =>
        {
            foreach (var (name, write) in files)
            {
                using var file = File.Create(Path.Combine(beside, name));
                write(file);
            }
        });
        return [.. files.Select(static file => file.Name)];
    }

    // Where the numbers are das's, so are the drawings beside them.
    private static FolderKind Kind(IReadOnlyList<FigureKind> figures) => new("analysis", folder =>
    [
        .. figures.Where(figure => OutputKind.BeginningOf(Path.Combine(folder, figure.Name + ".csv")).StartsWith(figure.Header, StringComparison.Ordinal))
            .SelectMany(static figure => NamesOf(figure.Name, _formats))
            .Where(name => File.Exists(Path.Combine(folder, name))),
    ]);

    private static IEnumerable<string> NamesOf(string figure, IReadOnlyList<FigureFormat> formats) =>
        formats.Select(format => $"{figure}.{EnumNames.NameOf(format)}").Append(figure + ".csv");
}
