using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>What an exporter is to write, and where.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="PlanPath">The file that it was read from, beside which its trained weights lie.</param>
/// <param name="Output">The file to write, or the folder where the target is one.</param>
/// <param name="Database">The database with the plan's run; null where there is none.</param>
/// <param name="Checkpoint">The checkpoint's file; null where none was named.</param>
/// <param name="Options">The values of the options that were given, by key; all of them are among the exporter's.</param>
public sealed record ExportRequest(
    SkipPlan Plan,
    string PlanPath,
    string Output,
    string? Database,
    string? Checkpoint,
    IReadOnlyDictionary<string, string> Options);
