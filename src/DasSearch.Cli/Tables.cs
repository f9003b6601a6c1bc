using System.Globalization;
using Spectre.Console;

namespace DasSearch.Cli;

/// <summary>Tables as commands print them: plain columns, read by people and cut by scripts alike.</summary>
internal static class Tables
{
    /// <summary>An empty table; names that begin with &gt; are those of columns of numbers, which stand to the right.</summary>
    internal static Table Create(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.None);
        table.ShowRowSeparators = false;
        foreach (var name in columns)
        {
            var column = new TableColumn(new Text(name.TrimStart('>'), new Style(decoration: Decoration.Bold))) { NoWrap = true };
            table.AddColumn(name.StartsWith('>') ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>Adds a row of texts, which are shown as they are.</summary>
    internal static void Add(this Table table, params ReadOnlySpan<string> cells)
    {
        var row = new List<Text>(cells.Length);
        foreach (var cell in cells)
        {
            row.Add(new Text(cell));
        }

        table.AddRow(row);
    }

    /// <summary>A count with thousands apart.</summary>
    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number, or a dash for none.</summary>
    internal static string Number(double? number, string format) => number is { } value ? value.ToString(format, CultureInfo.InvariantCulture) : "–";
}
