using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>A module of a plan's backbone as a row of a table.</summary>
/// <param name="Index">Its index among the plan's modules, from 0.</param>
/// <param name="Name">Its name in the checkpoint; null where nobody knows.</param>
/// <param name="Kind">What part of a layer it is; null likewise.</param>
/// <param name="IsSkipped">Whether the plan skips it.</param>
/// <param name="Evidence">What the search found out about it; null where the plan and its run do not tell.</param>
/// <param name="Adapters">What stands in for it or is attached to it.</param>
/// <param name="Costs">What it costs; null where the run is not there to tell.</param>
internal sealed record ModuleRow(
    int Index,
    string? Name,
    ModuleKind? Kind,
    bool IsSkipped,
    SkipEvidence? Evidence,
    IReadOnlyList<AdapterPlacement> Adapters,
    ModuleCosts? Costs);
