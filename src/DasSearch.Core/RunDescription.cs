using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;

namespace DasSearch.Core;

/// <summary>What is known of a run before its first step.</summary>
public sealed record RunDescription
{
    /// <summary>Describes a run.</summary>
    /// <param name="config">Its settings.</param>
    /// <param name="environment">What it is computed with.</param>
    /// <param name="costs">The backbone's modules, and what they and their adapters cost.</param>
    /// <param name="checkpointSha256">SHA-256 of the checkpoint, in lower-case hexadecimal; null without one.</param>
    public RunDescription(
        ResolvedConfig<RunConfig> config, RunEnvironment environment, NetworkCosts costs, string? checkpointSha256)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(costs);
        Config = config;
        Environment = environment;
        Costs = costs;
        CheckpointSha256 = checkpointSha256;
    }

    /// <summary>Its settings.</summary>
    public ResolvedConfig<RunConfig> Config { get; }

    /// <summary>What it is computed with.</summary>
    public RunEnvironment Environment { get; }

    /// <summary>The backbone's modules, and what they and their adapters cost.</summary>
    public NetworkCosts Costs { get; }

    /// <summary>SHA-256 of the checkpoint; null without one.</summary>
    public string? CheckpointSha256 { get; }
}
