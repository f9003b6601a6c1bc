using DasSearch.Core.Configuration;

namespace DasSearch.Core;

/// <summary>What is known of a run before its first step.</summary>
public sealed record RunDescription
{
    /// <summary>Describes a run.</summary>
    /// <param name="config">Its settings.</param>
    /// <param name="environment">What it is computed with.</param>
    /// <param name="modules">The backbone's modules, in their order; the index of each is its place.</param>
    /// <param name="checkpointSha256">SHA-256 of the checkpoint, in lower-case hexadecimal; null without one.</param>
    /// <exception cref="ArgumentException">Modules are out of order, or two have one name.</exception>
    public RunDescription(
        ResolvedConfig<RunConfig> config, RunEnvironment environment, IReadOnlyList<ModuleInfo> modules, string? checkpointSha256)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(modules);
        for (var i = 0; i < modules.Count; i++)
        {
            if (modules[i].Index != i)
            {
                throw new ArgumentException($"Module {modules[i].Name} has index {modules[i].Index} at place {i}.", nameof(modules));
            }
        }

        if (modules.GroupBy(module => module.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two modules have the name {twice.Key}.", nameof(modules));
        }

        Config = config;
        Environment = environment;
        Modules = [.. modules];
        CheckpointSha256 = checkpointSha256;
    }

    /// <summary>Its settings.</summary>
    public ResolvedConfig<RunConfig> Config { get; }

    /// <summary>What it is computed with.</summary>
    public RunEnvironment Environment { get; }

    /// <summary>The backbone's modules, in their order.</summary>
    public IReadOnlyList<ModuleInfo> Modules { get; }

    /// <summary>SHA-256 of the checkpoint; null without one.</summary>
    public string? CheckpointSha256 { get; }
}
