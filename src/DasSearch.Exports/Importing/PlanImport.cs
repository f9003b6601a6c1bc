using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>Makes a plan of what the authors' code left behind.</summary>
public static class PlanImport
{
    private const long MaximumText = 256L << 20;
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

        var names = model.Names(modules);
        var notes = new List<string>();
        var skipped = ModuleChoice.Of(Read(request, modules), request, modules, notes);
        notes.Add(
            model.Adapters is null
                ? $"das does not know how to place adapters on {model.Name}: the plan has none, and its costs are not counted"
                : "adapters are placed as in the authors' code; costs are not counted, which das train does");
        var plan = new SkipPlan(
            model.Name,
            request.Task,
            modules,
            request.Provenance,
            [.. skipped.Skipped.Select(index => new SkippedModule(index, names[index], ModuleKind.Whole, Evidence: null))],
            model.Adapters is { } adapters ? DasPlacement.Of([.. names.Select(static name => new ModulePart(name, ModuleKind.Whole))], skipped, adapters) : [],
            accounting: null);
        return new ImportResult(plan, notes);
    }

    private static Finding Read(ImportRequest request, int modules)
    {
        var source = request.Source;
        if (!File.Exists(source))
        {
            var isList = source.Contains('[', StringComparison.Ordinal) && request.Format is null or ImportFormat.List;
            return (isList ? ListReader.Read(source, "the list", modules) : null)
                ?? throw new ImportException($"there is no file {source}, nor is it a list such as skip_module=[3,7]");
        }

        return (request.Format ?? FormatOf(source)) switch
        {
            ImportFormat.Safetensors => GateReader.Read(source),
            ImportFormat.List => ListReader.Read(Text(source), source, modules)
                ?? throw new ImportException($"{source} has no list such as skip_module=[3,7] or --skip_list '[3, 7]'"),
            _ => ReadText(Text(source), source, modules, request.Format is null),
        };
    }

    // Logs may have lists, too, from echoed command lines: what was printed is nearer to the search.
    private static Finding ReadText(string text, string source, int modules, bool mayBeList) =>
        LogReader.Read(text, source, modules)
        ?? (mayBeList ? ListReader.Read(text, source, modules) : null)
        ?? throw new ImportException(
            $"{source} has neither {modules} gates nor a choice of modules as tensor([…])"
            + (mayBeList ? ", nor a list such as skip_module=[3,7]" : ""));

    private static ImportFormat FormatOf(string path) =>
        path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? ImportFormat.Safetensors : ImportFormat.Log;

    private static string Text(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= MaximumText
                ? File.ReadAllText(path)
                : throw new ImportException(
                    $"{path} has {length} bytes, more than the {MaximumText} that are read: cut out the lines with tensor([…])");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
