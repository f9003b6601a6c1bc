using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>Every target of <c>das export</c>: a new one is one class and one line here.</summary>
public static class ExporterTable
{
    /// <summary>The exporters, in the order in which help lists them.</summary>
    public static IReadOnlyList<IPlanExporter> All { get; } =
    [
        new JsonExporter(),
        new CsvExporter(),
        new DasOfficialExporter(),
        new MergekitExporter(),
        new PeftExporter(),
        new OptunaExporter(),
        new PyTorchExporter(),
        new OnnxExporter(),
        new NotebookExporter(),
    ];

    /// <summary>The exporter of a name.</summary>
    /// <exception cref="ExportUsageException">There is none; the message lists the names.</exception>
    public static IPlanExporter Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (All.FirstOrDefault(exporter => exporter.Name == name) is { } found)
        {
            return found;
        }

        var names = All.Select(exporter => exporter.Name).ToList();
        var hint = NearestName.Of(name, names) is { } nearest ? $"; did you mean {nearest}?" : "";
        throw new ExportUsageException($"there is no target '{name}': the targets are {string.Join(", ", names)}{hint}");
    }
}
