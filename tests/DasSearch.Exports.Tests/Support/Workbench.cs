using DasSearch.Core.Plans;

namespace DasSearch.Exports.Tests.Support;

/// <summary>A folder of one test, in which plans are exported; gone at the end.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-export-");

    internal IEnumerable<string> Entries => _folder.GetFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    internal string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Exports a plan to a file of that name, as the command does.</summary>
    internal ExportResult Export(
        string target, SkipPlan plan, string output, string? database = null, params (string Key, string Value)[] options) =>
        Export(ExporterTable.Standard, target, plan, output, database, options);

    /// <summary>The same with a table of exporters.</summary>
    internal ExportResult Export(
        ExporterTable table, string target, SkipPlan plan, string output, string? database, params (string Key, string Value)[] options)
    {
        var values = options.ToDictionary(option => option.Key, option => option.Value);
        var request = new ExportRequest(plan, PathOf("my.plan.json"), PathOf(output), database, Checkpoint: null, values);
        return PlanExport.Run(table.Named(target), request);
    }

    /// <summary>The same, and what the file says.</summary>
    internal string ExportText(string target, SkipPlan plan, params (string Key, string Value)[] options)
    {
        Export(target, plan, "output", null, options);
        return File.ReadAllText(PathOf("output"));
    }
}
