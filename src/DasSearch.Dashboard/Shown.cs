using DasSearch.Core;
using DasSearch.Reporter.Reports;
using DasSearch.Store;

namespace DasSearch.Dashboard;

/// <summary>What reports say, in the form in which pages are told it.</summary>
internal static class Shown
{
    internal static object Of(Verdict verdict) => new
    {
        verdict.Answer, verdict.Confidence, verdict.Warning, Skipped = verdict.Chosen?.Skipped, verdict.CoinTosses, verdict.Savings,
    };

    internal static object Of(Figure figure) => new
    {
        figure.Name, figure.Title, figure.Caption, figure.IsDrawn, Table = Cells(figure.Table), Shown = Texts(figure.Shown),
    };

    internal static IEnumerable<object> ModulesOf(RunDetails run) => ModulesOf(run.Costs.Modules.Select(static costs => costs.Module));

    internal static IEnumerable<object> ModulesOf(IEnumerable<ModuleInfo> modules) =>
        modules.Select(static module => new { module.Index, module.Name, Kind = EnumNames.NameOf(module.Kind), module.Stream });

    /// <summary>Exact values, for charts.</summary>
    internal static object Cells(DataTable table) => new
    {
        Columns = table.Columns.Select(static column => column.Name),
        Rows = table.Rows.Select(static row => row.Select(static cell => cell is double number && !double.IsFinite(number) ? null : cell)),
    };

    /// <summary>Rounded values, for readers.</summary>
    internal static TextTable Texts(DataTable table) => new(
        table.Columns.Select(static column => new TextColumn(column.Heading, column.IsNumber)),
        table.Rows.Select(row => row.Select((cell, i) => table.Columns[i].Text(cell))));
}

/// <summary>A table as readers see it.</summary>
internal sealed record TextTable(IEnumerable<TextColumn> Columns, IEnumerable<IEnumerable<string>> Rows);

/// <summary>A column of one; numbers stand to the right.</summary>
internal sealed record TextColumn(string Text, bool IsNumber);
