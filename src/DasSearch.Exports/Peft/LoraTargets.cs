using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>Turns a plan's LoRA placements into what PEFT targets.</summary>
/// <remarks>
/// Full names, since they alone mean the same in every model. PEFT drops the skipped layers first and renumbers the rest,
/// so names count the layers that are left.
/// </remarks>
internal static class LoraTargets
{
    /// <summary>The type of placement that PEFT has an equivalent for.</summary>
    internal const string Type = "lora";

    /// <param name="plan">The plan.</param>
    /// <param name="layout">The model.</param>
    /// <param name="skipped">The layers that the plan skips, as the model numbers them.</param>
    /// <exception cref="DasSearchException">A placement is on what is no layer, or where LoRA cannot stand.</exception>
    internal static IReadOnlyList<LoraTarget> Of(SkipPlan plan, PeftLayout layout, Subnetwork skipped)
    {
        var names = layout.Model.Names(plan.Modules).ToList();
        var kept = Enumerable.Range(0, plan.Modules).Where(layer => !skipped.Contains(layer)).ToList();
        var targets = new List<LoraTarget>();
        foreach (var adapter in plan.Adapters.Where(adapter => adapter.Type == Type))
        {
            var layer = kept.IndexOf(names.IndexOf(adapter.Module));
            if (layer < 0)
            {
                throw new DasSearchException($"LoRA is placed on {adapter.Module}, which is no kept layer of {plan.Backbone}");
            }

            var projections = adapter.Placement == Placement.Parallel ? layout.Projections(adapter.Site) : null;
            if (projections is null)
            {
                throw new DasSearchException(
                    $"PEFT has LoRA parallel to {DasPlacement.Attention} or {DasPlacement.FeedForward}, "
                    + $"not {EnumNames.NameOf(adapter.Placement)} to '{adapter.Site}' of {adapter.Module}");
            }

            targets.AddRange(projections.Select(projection => new LoraTarget(
                $"{adapter.Module}.{projection}",
                string.Create(CultureInfo.InvariantCulture, $"{layout.Layers}.{layer}.{projection}"),
                adapter.Bottleneck,
                adapter.Scale * adapter.Bottleneck)));
        }

        return [.. targets.OrderBy(target => target.Path, StringComparer.Ordinal)];
    }
}
