using DasSearch.Core.Plans;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Plans that differ from another in a part.</summary>
internal static class Plans
{
    /// <summary>The plan with other parts.</summary>
    internal static SkipPlan With(
        this SkipPlan plan,
        string? backbone = null,
        PlanProvenance? provenance = null,
        IReadOnlyList<SkippedModule>? skip = null,
        IReadOnlyList<AdapterPlacement>? adapters = null,
        PlanResult? result = null) => new(
        backbone ?? plan.Backbone,
        plan.Task,
        plan.Modules,
        plan.Granularity,
        provenance ?? plan.Provenance,
        skip ?? plan.Skip,
        adapters ?? plan.Adapters,
        plan.Accounting,
        result ?? plan.Result);
}
