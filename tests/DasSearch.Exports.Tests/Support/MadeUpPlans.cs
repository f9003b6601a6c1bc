using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;

namespace DasSearch.Exports.Tests.Support;

/// <summary>Plans that no search has made.</summary>
internal static class MadeUpPlans
{
    /// <summary>The names of METER's modules in an order of ours that is not the authors': the two streams take turns.</summary>
    internal static IReadOnlyList<string> MeterTakingTurns { get; } =
        [.. Enumerable.Range(0, 6).SelectMany(i => new[] { $"cross_modal_text_layers.{i}", $"cross_modal_image_layers.{i}" })];

    /// <summary>A ViLT of 12 blocks, with the adapters of DAS.</summary>
    internal static SkipPlan Vilt(string skipped, int modules = 12)
    {
        var names = Numbered("transformer.blocks", modules);
        return Make("vilt", names, skipped, DasPlacement.Of([.. names.Select(name => new ModulePart(name, ModuleKind.Whole))], Subnetwork.Parse(skipped, modules), new AdapterConfig()));
    }

    /// <summary>A decoder of LLaMA, without adapters unless some are given.</summary>
    internal static SkipPlan Decoder(string backbone, string skipped, params AdapterPlacement[] adapters) =>
        Make(backbone, Numbered(backbone == "lavin" ? "layers" : "model.layers", 32), skipped, adapters);

    /// <summary>The same plan, which says that it came of other settings.</summary>
    internal static SkipPlan OfAnotherRun(SkipPlan plan) => new(
        plan.Backbone,
        plan.Task,
        plan.Modules,
        plan.Granularity,
        plan.Provenance with { ConfigSha256 = new string('f', 64) },
        plan.Skip,
        plan.Adapters,
        plan.Accounting);

    /// <summary>A plan for whatever modules.</summary>
    internal static SkipPlan Make(
        string backbone,
        IReadOnlyList<string> names,
        string skipped,
        IReadOnlyList<AdapterPlacement>? adapters = null,
        ModuleKind kind = ModuleKind.Whole) => new(
        backbone,
        "a task",
        names.Count,
        kind == ModuleKind.Whole ? Granularity.Layers : Granularity.SubLayers,
        new PlanProvenance(null, null, null, null, "0.1.0", null, null),
        [.. Subnetwork.Parse(skipped, names.Count).Skipped.Select(index => new SkippedModule(index, names[index], kind, null))],
        adapters ?? [],
        null);

    internal static AdapterPlacement Lora(string module, string site, int rank = 4, double scale = 2) =>
        new(module, Placement.Parallel, site, "lora", rank, "none", "none", scale);

    internal static IReadOnlyList<string> Numbered(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"{prefix}.{i}")];
}
