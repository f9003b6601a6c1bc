using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Reporter.Exports.Vilt;

/// <summary>A plan's skips and adapters, block by block, under the official checkpoints' names.</summary>
internal static class PlannedBlocks
{
    private const string Prefix = "transformer.blocks.";

    /// <exception cref="DasSearchException">The plan is not for a ViLT, or places something that a ViLT of DAS does not have.</exception>
    internal static IReadOnlyList<PlannedBlock> Of(SkipPlan plan)
    {
        if (plan.Backbone != "vilt")
        {
            throw new ExportException($"only networks on vilt can be exported so far, the plan's is on {plan.Backbone}");
        }

        if (plan.Skip.FirstOrDefault(static module => module.Kind != ModuleKind.Whole) is { } part)
        {
            throw new ExportException(
                $"{part.Module} is skipped as {EnumNames.NameOf(part.Kind)}, but only networks that skip whole layers can be exported so far");
        }

        var skipped = plan.Skip.ToDictionary(static module => module.Module, StringComparer.Ordinal);
        var names = Enumerable.Range(0, plan.Modules).Select(static index => Prefix + Text(index)).ToList();
        if (plan.Skip.FirstOrDefault(module => module.Module != names[module.Index]) is { } other)
        {
            throw new ExportException($"the plan calls block {other.Index} {other.Module}, expected {names[other.Index]}");
        }

        if (plan.Adapters.FirstOrDefault(adapter => !names.Contains(adapter.Module)) is { } lost)
        {
            throw new ExportException($"the plan places an adapter on {lost.Module}, which a ViLT of {plan.Modules} blocks does not have");
        }

        var placed = plan.Adapters.ToLookup(static adapter => adapter.Module, StringComparer.Ordinal);
        return [.. names.Select((name, index) => new PlannedBlock(
            name,
            skipped.ContainsKey(name),
            Find(placed[name], Placement.Replace, DasPlacement.Module, $"adapter_list.{Text(index)}.0"),
            Find(placed[name], Placement.Parallel, DasPlacement.Attention, name + ".adapter0"),
            Find(placed[name], Placement.Parallel, DasPlacement.FeedForward, name + ".adapter1")))];
    }

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
