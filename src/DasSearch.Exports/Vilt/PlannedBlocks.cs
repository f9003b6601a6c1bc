using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>A plan's skips and adapters, block by block, under the official checkpoints' names.</summary>
internal static class PlannedBlocks
{
    private const string Prefix = "transformer.blocks.";
    private const string Attention = ".attn";
    private const string FeedForward = ".mlp";

    /// <exception cref="DasSearchException">The plan is not for a ViLT, or places something that a ViLT of DAS does not have.</exception>
    internal static IReadOnlyList<PlannedBlock> Of(SkipPlan plan)
    {
        if (plan.Backbone != "vilt")
        {
            throw new ExportException($"only networks on vilt can be exported so far, the plan's is on {plan.Backbone}");
        }

        var modules = Modules(plan);
        if (plan.Skip.FirstOrDefault(module => module.Module != modules[module.Index].Name) is { } other)
        {
            throw new ExportException($"the plan calls module {other.Index} {other.Module}, expected {modules[other.Index].Name}");
        }

        if (plan.Skip.FirstOrDefault(module => module.Kind != modules[module.Index].Kind) is { } unlike)
        {
            throw new ExportException(
                $"the plan skips {unlike.Module} as {EnumNames.NameOf(unlike.Kind)}, expected {EnumNames.NameOf(modules[unlike.Index].Kind)}");
        }

        if (plan.Adapters.FirstOrDefault(adapter => !modules.Any(module => module.Name == adapter.Module)) is { } lost)
        {
            throw new ExportException($"the plan places an adapter on {lost.Module}, which a ViLT of {plan.Modules} modules does not have");
        }

        var placed = plan.Adapters.ToLookup(static adapter => adapter.Module, StringComparer.Ordinal);
        var skipped = plan.Subnetwork;
        return modules[0].Kind == ModuleKind.Whole
            ? [.. modules.Select((module, i) => Whole(module.Name, skipped.Contains(i), [.. placed[module.Name]], i))]
            : [.. modules.Chunk(2).Select((parts, block) => new PlannedBlock(
                BlockName(block),
                IsSkipped: false,
                Replacement: null,
                Part(skipped.Contains(2 * block), [.. placed[parts[0].Name]], DasPlacement.Attention, 2 * block, BlockName(block) + ".adapter0"),
                Part(skipped.Contains((2 * block) + 1), [.. placed[parts[1].Name]], DasPlacement.FeedForward, (2 * block) + 1, BlockName(block) + ".adapter1")))];
    }

    // Blocks, or where the plan names any part of one their parts.
    private static List<ModulePart> Modules(SkipPlan plan)
    {
        var areParts = plan.Skip.Any(static module => module.Kind != ModuleKind.Whole)
            || plan.Adapters.Any(static adapter =>
                adapter.Module.EndsWith(Attention, StringComparison.Ordinal) || adapter.Module.EndsWith(FeedForward, StringComparison.Ordinal));
        if (!areParts)
        {
            return [.. Enumerable.Range(0, plan.Modules).Select(static block => new ModulePart(BlockName(block), ModuleKind.Whole))];
        }

        return plan.Modules % 2 == 0
            ? [.. Enumerable.Range(0, plan.Modules / 2).SelectMany(static block => new ModulePart[]
                {
                    new(BlockName(block) + Attention, ModuleKind.Attention), new(BlockName(block) + FeedForward, ModuleKind.FeedForward),
                })]
            : throw new ExportException($"the plan skips parts of blocks, which have two each, but is for {plan.Modules} modules");
    }

    private static PlannedBlock Whole(string name, bool isSkipped, IReadOnlyList<AdapterPlacement> placed, int index) => new(
        name,
        isSkipped,
        Find(placed, Placement.Replace, DasPlacement.Module, Instead(index)),
        new PlannedPart(false, Find(placed, Placement.Parallel, DasPlacement.Attention, name + ".adapter0")),
        new PlannedPart(false, Find(placed, Placement.Parallel, DasPlacement.FeedForward, name + ".adapter1")));

    private static PlannedPart Part(bool isSkipped, IReadOnlyList<AdapterPlacement> placed, string site, int index, string beside)
    {
        if (placed.FirstOrDefault(adapter => adapter.Placement == Placement.Parallel && adapter.Site != site) is { } wrong)
        {
            throw new ExportException($"the adapter on {wrong.Module} cannot stand {EnumNames.NameOf(wrong.Placement)} to '{wrong.Site}'");
        }

        return new PlannedPart(isSkipped, isSkipped
            ? Find(placed, Placement.Replace, DasPlacement.Module, Instead(index))
            : Find(placed, Placement.Parallel, site, beside));
    }

    private static string Instead(int index) => $"adapter_list.{Text(index)}.0";

    private static string BlockName(int block) => Prefix + Text(block);

    private static PlannedAdapter? Find(IEnumerable<AdapterPlacement> placed, Placement placement, string site, string name)
    {
        foreach (var adapter in placed)
        {
            Check(adapter);
            if (adapter.Placement == placement && adapter.Site == site)
            {
                return new PlannedAdapter(name, adapter.Bottleneck, adapter.Scale);
            }
        }

        return null;
    }

    private static void Check(AdapterPlacement adapter)
    {
        if (adapter is not { Type: DasPlacement.Type, Activation: "relu", Normalisation: "layer-norm" })
        {
            throw new ExportException(
                $"the adapter on {adapter.Module} must be of type {DasPlacement.Type} with relu and layer-norm, "
                + $"not {adapter.Type} with {adapter.Activation} and {adapter.Normalisation}");
        }

        if ((adapter.Placement, adapter.Site) is not ((Placement.Replace, DasPlacement.Module)
            or (Placement.Parallel, DasPlacement.Attention or DasPlacement.FeedForward)))
        {
            throw new ExportException(
                $"the adapter on {adapter.Module} cannot stand {EnumNames.NameOf(adapter.Placement)} to '{adapter.Site}'");
        }
    }

    private static string Text(int index) => index.ToString(CultureInfo.InvariantCulture);
}
