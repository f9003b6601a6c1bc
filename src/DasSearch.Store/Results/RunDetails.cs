using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Store.Results;

/// <summary>All that is known of a run beside what it yielded.</summary>
/// <param name="Summary">The run in one line.</param>
/// <param name="ConfigText">The resolved configuration, in canonical form.</param>
/// <param name="ConfigSha256">SHA-256 of that text.</param>
/// <param name="ConfigPath">The file that it was read from; null for none.</param>
/// <param name="Checkpoint">The checkpoint as configured; null for fresh weights.</param>
/// <param name="CheckpointSha256">The checkpoint's SHA-256; null likewise.</param>
/// <param name="Environment">What the run was computed with.</param>
/// <param name="Costs">The backbone's modules, and what they and their adapters cost.</param>
public sealed record RunDetails(
    RunSummary Summary,
    string ConfigText,
    string ConfigSha256,
    string? ConfigPath,
    string? Checkpoint,
    string? CheckpointSha256,
    RunEnvironment Environment,
    NetworkCosts Costs)
{
    /// <summary>How long its networks take; null where that was not measured, as before its search is over.</summary>
    public NetworkLatency? Latency { get; init; }

    /// <summary>What its controller would choose after its last round; null before the first, and where das before schema 5 recorded it.</summary>
    public Subnetwork? Recommended { get; init; }
}
