namespace DasSearch.Core.Plans;

/// <summary>Where a plan comes from.</summary>
/// <param name="Run">The run's number in its database; null for a plan that no run has made.</param>
/// <param name="RunName">The run's name; null likewise.</param>
/// <param name="Seed">The run's seed; null likewise.</param>
/// <param name="ConfigSha256">SHA-256 of the resolved configuration; null likewise.</param>
/// <param name="ToolVersion">The version of das that wrote it.</param>
/// <param name="Checkpoint">The checkpoint's path as configured; null for fresh weights.</param>
/// <param name="CheckpointSha256">The checkpoint's SHA-256, which is checked before the plan is applied; null for fresh weights.</param>
public sealed record PlanProvenance(
    long? Run,
    string? RunName,
    long? Seed,
    string? ConfigSha256,
    string ToolVersion,
    string? Checkpoint,
    string? CheckpointSha256);
