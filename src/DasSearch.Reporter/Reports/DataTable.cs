using System.Globalization;
using CsvHelper;
using DasSearch.Core;

namespace DasSearch.Reporter.Reports;

/// <summary>A column of a <see cref="DataTable"/>.</summary>
/// <param name="Name">What files call it, in snake case, such as <c>standard_error</c>.</param>
/// <param name="Heading">What a page calls it.</param>
/// <param name="Format">How a page writes numbers, one of the ways of <see cref="Numbers"/>; null for text.</param>
public sealed record Column(string Name, string Heading, Func<double?, string>? Format = null)
{
    /// <summary>Whether it holds numbers, which are aligned to the right.</summary>
    public bool IsNumber => Format is not null;

    /// <summary>A value for a page: rounded by the format; a dash where there is none.</summary>
    public string Text(object? value) => value switch
    {
        null => "–",
        IConvertible number when Format is not null => Format(number.ToDouble(CultureInfo.InvariantCulture)),
        bool flag => flag ? "yes" : "no",
        _ => Exact(value),
    };

    /// <summary>How a page writes what lies between -1 and 1.</summary>
    internal static string Ratio(double? number) => Numbers.Decimals(number, 2);

    /// <summary>A value for a file: exact, and empty where there is none.</summary>
    public static string Exact(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

/// <summary>Numbers behind a figure, which pages, Markdown and CSV files write alike.</summary>
/// <param name="Rows">The rows, each with a value for every column: text, a number, a truth, or null.</param>
public sealed record DataTable(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>A row for each item, with a cell for each column.</summary>
    internal static DataTable Of<T>(IEnumerable<T> items, params (Column Column, Func<T, object?> Value)[] columns) => new(
        [.. columns.Select(static column => column.Column)],
        [.. items.Select(item => (IReadOnlyList<object?>)[.. columns.Select(column => column.Value(item))])]);

    /// <summary>The table without the named columns, and without those that have no value in any row.</summary>
    public DataTable Without(params IReadOnlyList<string> names)
    {
        var kept = Enumerable.Range(0, Columns.Count)
            .Where(i => !names.Contains(Columns[i].Name) && (Rows.Count == 0 || Rows.Any(row => row[i] is not null)))
            .ToList();
        return new DataTable(
            [.. kept.Select(i => Columns[i])], [.. Rows.Select(row => (IReadOnlyList<object?>)[.. kept.Select(i => row[i])])]);
    }

    /// <summary>At most so many rows, at least 2, spread evenly over all, the first and the last among them.</summary>
    public DataTable Thinned(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        return Rows.Count <= most
            ? this
            : this with { Rows = [.. Enumerable.Range(0, most).Select(i => Rows[(int)((long)i * (Rows.Count - 1) / (most - 1))])] };
    }

    /// <summary>Writes names and exact values as CSV (RFC 4180, but lines end in a line feed).</summary>
    public void WriteCsv(TextWriter writer)
    {
        using var csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        WriteRecord(csv, Columns.Select(static column => column.Name));
        foreach (var row in Rows)
        {
            WriteRecord(csv, row.Select(Column.Exact));
        }
    }

    /// <summary>Writes headings and rounded values as a table of Markdown.</summary>
    public void WriteMarkdown(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Markdown.WriteRow(Columns.Select(static column => column.Heading), writer);
        writer.WriteLine($"| {string.Join(" | ", Columns.Select(static column => column.IsNumber ? "---:" : "---"))} |");
        foreach (var row in Rows)
        {
            Markdown.WriteRow(row.Zip(Columns, static (value, column) => column.Text(value)), writer);
        }
    }

    private static void WriteRecord(CsvWriter csv, IEnumerable<string> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }

        csv.EndRecord();
    }
}

/// <summary>Text as Markdown, in which nothing that comes from outside is markup.</summary>
public static class Markdown
{
    /// <summary>The text with its special characters escaped, and control characters as spaces.</summary>
    public static string Escape(string text) => string.Concat((text ?? "").Select(static letter => letter switch
    {
        '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '#' => $"\\{letter}",
        _ when char.IsControl(letter) => " ",
        _ => letter.ToString(),
    }));

    internal static void WriteRow(IEnumerable<string> cells, TextWriter writer) =>
        writer.WriteLine($"| {string.Join(" | ", cells.Select(Escape))} |");
}
