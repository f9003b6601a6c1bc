using DasSearch.Core.Plans;

namespace DasSearch.Exports;

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
