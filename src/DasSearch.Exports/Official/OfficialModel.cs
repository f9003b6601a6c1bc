using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>A model of the authors' code (github.com/DoubtedSteam/DAS): how its gates are numbered, and what they belong to.</summary>
/// <remarks>
/// Gates count the layers of the first list, then those of the second. What a layer is called decides, never what the
/// code prints beside it: METER's prints its text layers under the label of images.
/// </remarks>
/// <param name="Name">What plans call the backbone.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Modules">How many gates the code has.</param>
/// <param name="Lists">The lists of layers that the gates belong to, each with the same number of layers.</param>
/// <param name="Adapters">Sizes of the adapters that the code places; null where das does not know how to place them.</param>
public sealed record OfficialModel(
    string Name, string Summary, int Modules, IReadOnlyList<LayerList> Lists, AdapterConfig? Adapters)
{
    /// <summary>The modules' names, in the order of the gates.</summary>
    /// <param name="modules">How many there are in all; each list has as many as the others.</param>
    /// <exception cref="DasSearchException">The lists would be of different lengths.</exception>
    public IReadOnlyList<string> Names(int modules)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modules, 1);
        if (modules % Lists.Count != 0)
        {
            throw new DasSearchException(
                $"{Name} has {Lists.Count} lists of layers, one as long as the other, which {modules} modules cannot be");
        }

        var layers = Enumerable.Range(0, modules / Lists.Count);
        return [.. Lists.SelectMany(list => layers.Select(layer => $"{list.Prefix}.{layer}"))];
    }

    /// <summary>The gates of the modules that a plan skips, ascending.</summary>
    /// <exception cref="DasSearchException">The plan skips parts of layers, or what is no module of this model.</exception>
    public IReadOnlyList<int> GatesOf(SkipPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var names = Names(plan.Modules).ToList();
        return [.. plan.Skip.Select(module => GateOf(module, names)).Order()];
    }

    private int GateOf(SkippedModule module, List<string> names)
    {
        if (module.Kind != ModuleKind.Whole)
        {
            throw new DasSearchException(
                $"{module.Module} is skipped as {EnumNames.NameOf(module.Kind)}, but {Name} can only be told to skip whole layers");
        }

        var gate = names.IndexOf(module.Module);
        return gate >= 0
            ? gate
            : throw new DasSearchException(
                $"{module.Module} is no module of {Name}, whose {names.Count} modules go from {names[0]} to {names[^1]}");
    }
}
