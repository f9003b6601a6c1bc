using DasSearch.Core;

namespace DasSearch.Reporter.Importance;

/// <summary>Modules of one stream and one kind: METER's text layers, or attention parts where parts are searched.</summary>
/// <param name="Name">Its stream and its kind, as far as they tell groups apart.</param>
/// <param name="Modules">Its modules, in order of computation.</param>
public sealed record ModuleGroup(string Name, IReadOnlyList<int> Modules)
{
    /// <summary>The groups of a backbone, in the order of their first modules; none where all modules are alike.</summary>
    public static IReadOnlyList<ModuleGroup> Of(IReadOnlyList<ModuleInfo> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var haveStreams = modules.Select(static module => module.Stream).Distinct().Skip(1).Any();
        var haveKinds = modules.Select(static module => module.Kind).Distinct().Skip(1).Any();
        var groups = modules.GroupBy(module => NameOf(module, haveStreams, haveKinds))
            .Select(static group => new ModuleGroup(group.Key, [.. group.Select(static module => module.Index)]))
            .ToList();
        return groups.Count > 1 ? groups : [];
    }

    private static string NameOf(ModuleInfo module, bool haveStreams, bool haveKinds) => (haveStreams, haveKinds) switch
    {
        (true, true) => $"{module.Stream} {EnumNames.NameOf(module.Kind)}",
        (true, false) => module.Stream,
        _ => EnumNames.NameOf(module.Kind),
    };
}
