using CsvHelper;
using DasSearch.Core.Files;
using DasSearch.Store;

namespace DasSearch.Exports;

/// <summary>A table of the backbone's modules, for pandas, R or a spreadsheet.</summary>
internal sealed class CsvExporter : IPlanExporter
{
    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public string Summary => "a table with one row per module: skipped or not, why, its adapters and what it costs";

    /// <inheritdoc/>
    public ExportResult Export(ExportRequest request)
    {
        var (rows, notes) = Rows(request);
        OutputFile.Write(request.Output, file =>
        {
            using var csv = CsvWriter.Create(file, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
            csv.WriteRecord(ModuleColumns.Names);
            foreach (var row in rows)
            {
                csv.WriteRecord(ModuleColumns.Cells(row));
            }
        });
        return new ExportResult([request.Output], notes);
    }

    private static (IReadOnlyList<ModuleRow> Rows, IReadOnlyList<string> Notes) Rows(ExportRequest request)
    {
        var rows = new ModuleRows(request.Plan);
        if (request.Database is { } path)
        {
            using var store = RunStore.Open(path, TimeProvider.System);
            if (PlanRun.Find(store.Read, request.Plan) is { } run)
            {
                return (rows.With(store.Read, run), []);
            }
        }

        var missing = request.Database is null ? "there is no database of runs" : $"{request.Database} does not have the plan's run";
        return (rows.Alone(), [$"{missing}, so costs and the evidence of kept modules are left empty: name another one with --db"]);
    }
}
