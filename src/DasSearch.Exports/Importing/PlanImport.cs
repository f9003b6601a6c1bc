using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>Makes a plan of what the authors' code left behind.</summary>
public static class PlanImport
{
    private const int MaximumModules = 4096;

    /// <summary>Makes the plan.</summary>
    /// <exception cref="DasSearchException">The source cannot be read, is something else, or does not say enough.</exception>
    public static ImportResult Run(ImportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var model = request.Model;
        var modules = request.Modules ?? model.Modules;
        if (modules is < 2 or > MaximumModules)
        {
            throw new ImportException($"a backbone has from 2 to {MaximumModules} modules, not {modules}");
        }

        var (names, parts, notes) = (model.Names(modules), model.InOrder(modules), new List<string>());
        var gates = ModuleChoice.Of(Read(request, modules), request, modules, notes).Skipped.Select(gate => names[gate]).ToHashSet(StringComparer.Ordinal);
        var skipped = new Subnetwork(modules, Enumerable.Range(0, modules).Where(i => gates.Contains(parts[i].Name)));
        notes.Add(
            model.Adapters is null
                ? $"das does not know how to place adapters on {model.Name}: the plan has none, and its costs are not counted"
                : "adapters are placed as in the authors' code; costs are not counted, which das train does");
        var plan = new SkipPlan(
            model.Name,
            request.Task,
            modules,
            Granularity.Layers,
            request.Provenance,
            [.. skipped.Skipped.Select(index => new SkippedModule(index, parts[index].Name, parts[index].Kind, Evidence: null))],
            model.Adapters is { } adapters ? DasPlacement.Of(parts, skipped, adapters) : [],
            accounting: null);
        return new ImportResult(plan, notes);
    }

    private static SourceFinding Read(ImportRequest request, int modules)
    {
        var source = request.Source;
        if (!Path.Exists(source))
        {
            var isList = source.Contains('[', StringComparison.Ordinal) && request.Format is null or ImportFormat.List;
            return isList && ListReader.Read(source, "the list", modules) is { } list
                ? list with { ChoiceNote = null }
                : throw new ImportException($"there is no file {source}, nor is it a list such as skip_module=[3,7]");
        }

        return (request.Format ?? FormatOf(source)) switch
        {
            ImportFormat.Safetensors => GateReader.Read(source),
            ImportFormat.List => ListReader.Read(InputFile.ReadText(source, InputKind.Log), source, modules)
                ?? throw new ImportException($"{source} has no list such as skip_module=[3,7] or --skip_list '[3, 7]'"),
            _ => ReadText(InputFile.ReadText(source, InputKind.Log), source, modules, request.Format is null),
        };
    }

    // Logs may have lists, too, from echoed command lines: what was printed is nearer to the search.
    private static SourceFinding ReadText(string text, string source, int modules, bool mayBeList) =>
        LogReader.Read(text, source, modules)
        ?? (mayBeList ? ListReader.Read(text, source, modules) : null)
        ?? throw new ImportException(
            $"{source} has neither {modules} gates nor a choice of modules as tensor([…])"
            + (mayBeList ? ", nor a list such as skip_module=[3,7]" : ""));

    // A pipe, whose length is not known, is read once.
    private static ImportFormat FormatOf(string path) =>
        path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || (new FileInfo(path) is { Exists: true, Length: > 0 } && InputFile.IsCheckpoint(path))
            ? ImportFormat.Safetensors
            : ImportFormat.Log;
}

/// <summary>What is to become a plan.</summary>
/// <param name="Source">A file, or a list such as <c>skip_module=[3,7]</c> itself.</param>
/// <param name="Format">What it is; null to look.</param>
/// <param name="Model">The model that was searched.</param>
/// <param name="Modules">How many modules it has; null for as many as the authors' code has gates.</param>
/// <param name="Skip">How many modules to skip; null for as many as the source says.</param>
/// <param name="Task">What the plan is for.</param>
/// <param name="Provenance">What the plan says of itself: no run, but perhaps a checkpoint.</param>
public sealed record ImportRequest(
    string Source, ImportFormat? Format, OfficialModel Model, int? Modules, int? Skip, string Task, PlanProvenance Provenance);

/// <summary>What the authors' code left behind.</summary>
public enum ImportFormat
{
    /// <summary>What it printed: lines with <c>tensor([…])</c>.</summary>
    Log,

    /// <summary>A list as its scripts take it, such as <c>skip_module=[3,7]</c> or <c>--skip_list '[24, 27]'</c>.</summary>
    List,

    /// <summary>A checkpoint, whose buffer <c>das_gate</c> or <c>scores</c> holds the gates.</summary>
    Safetensors,
}

/// <summary>What came of an import.</summary>
/// <param name="Notes">Sentences that the user must know, such as what the source did not tell.</param>
public sealed record ImportResult(SkipPlan Plan, IReadOnlyList<string> Notes);

/// <summary>A source is not what the authors' code leaves behind, or does not say enough.</summary>
public sealed class ImportException(string message, Exception? innerException = null)
    : DasSearchException(message, innerException);
