using System.Globalization;
using DasSearch.Core.Plans;
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

    /// <summary>Such as <c>latency of 64           27.9 ms, full model 34.5 ms (-19.3 %)</c>.</summary>
    internal static string Latency(PlanLatency latency) => FormattableString.Invariant(
        $"latency of {latency.Batch,-13}{latency.PlanMilliseconds:F1} ms, full model {latency.FullMilliseconds:F1} ms ({latency.ChangePercent:+0.0;-0.0;0} %)");
}

/// <summary>Durations as a person reads them.</summary>
internal static class Durations
{
    /// <summary>Such as <c>4:09</c>, or <c>1:04:09</c> from an hour on.</summary>
    internal static string Text(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
