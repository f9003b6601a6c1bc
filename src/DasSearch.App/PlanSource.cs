namespace DasSearch.App;

/// <summary>Where a command finds a plan and what belongs to it.</summary>
/// <param name="Plan">The plan's file.</param>
/// <param name="Database">The database with the run that the plan came of.</param>
/// <param name="Config">Settings to take instead of the run's; null for the run's.</param>
/// <param name="Set">Overrides of single settings.</param>
/// <param name="Checkpoint">The checkpoint's file; null to look where the settings say.</param>
public sealed record PlanSource(string Plan, string Database, string? Config, IReadOnlyList<string> Set, string? Checkpoint);
