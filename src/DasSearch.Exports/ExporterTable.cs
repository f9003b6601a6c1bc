using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>The targets of <c>das export</c>: a new one is one class and one line here, or <see cref="With"/> from outside.</summary>
public sealed class ExporterTable
{
    private readonly List<IPlanExporter> _exporters;

    /// <summary>A table of exporters, in the order in which help lists them.</summary>
    /// <exception cref="ArgumentException">Two have one name, or one suffix, and so one default output.</exception>
    public ExporterTable(IEnumerable<IPlanExporter> exporters)
    {
        _exporters = [.. exporters];
        if (_exporters.CountBy(exporter => exporter.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } name })
        {
            throw new ArgumentException($"Two exporters are called {name}.", nameof(exporters));
        }

        if (_exporters.CountBy(exporter => exporter.Suffix).FirstOrDefault(suffix => suffix.Value > 1) is { Key: { } suffix })
        {
            throw new ArgumentException($"Two exporters write {suffix}.", nameof(exporters));
        }
    }

    /// <summary>The exporters that das has of its own.</summary>
    public static ExporterTable Standard { get; } = new(
    [
        new JsonExporter(),
        new CsvExporter(),
        new DasOfficialExporter(),
        new MergekitExporter(),
        new PeftExporter(),
        new DecoderExporter(),
        new LlmDropExporter(),
        new OptunaExporter(),
        new PyTorchExporter(),
        new OnnxExporter(),
        new CheckpointExporter(),
        new NotebookExporter(),
    ]);

    /// <summary>The exporters, in order.</summary>
    public IReadOnlyList<IPlanExporter> All => _exporters;

    /// <summary>A table with more exporters behind these.</summary>
    /// <exception cref="ArgumentException">A name or suffix is taken.</exception>
    public ExporterTable With(params IEnumerable<IPlanExporter> exporters) => new(_exporters.Concat(exporters));

    /// <summary>The exporter of a name.</summary>
    /// <exception cref="ExportUsageException">There is none; the message lists the names.</exception>
    public IPlanExporter Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_exporters.Find(exporter => exporter.Name == name) is { } found)
        {
            return found;
        }

        var names = _exporters.ConvertAll(exporter => exporter.Name);
        var hint = NearestName.Of(name, names) is { } nearest ? $"; did you mean {nearest}?" : "";
        throw new ExportUsageException($"there is no target '{name}': the targets are {string.Join(", ", names)}{hint}");
    }
}
