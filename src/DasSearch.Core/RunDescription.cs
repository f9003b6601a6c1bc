using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;

namespace DasSearch.Core;

/// <summary>What is known of a run before its first step.</summary>
/// <param name="Config">Its settings.</param>
/// <param name="Environment">What it is computed with.</param>
/// <param name="Costs">The backbone's modules, and what they and their adapters cost.</param>
/// <param name="CheckpointSha256">SHA-256 of the checkpoint, in lower-case hexadecimal; null without one.</param>
public sealed record RunDescription(ResolvedConfig<RunConfig> Config, RunEnvironment Environment, NetworkCosts Costs, string? CheckpointSha256)
{
    /// <summary>How many rounds it comes to where no rule ends it earlier; null where that is not known.</summary>
    public int? PlannedRounds { get; init; }
}

/// <summary>What a run was computed with.</summary>
/// <param name="ToolVersion">The version of das, with its commit where known.</param>
/// <param name="Device">The device, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="TorchVersion">The version of libtorch.</param>
/// <param name="TorchBackend">Where it came from: <c>system</c> or a package's name.</param>
/// <param name="Threads">Threads within an operation.</param>
/// <param name="Machine">Operating system and processor, in words.</param>
public sealed record RunEnvironment(
    string ToolVersion, string Device, string TorchVersion, string TorchBackend, int Threads, string Machine);

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>It is being computed.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Done,

    /// <summary>Its user stopped it; it can be resumed.</summary>
    Interrupted,

    /// <summary>An error stopped it.</summary>
    Failed,

    /// <summary>Its process is gone and could not say so, as when it was killed; it can be resumed. Found out when the run is looked at, and never stored.</summary>
    Stopped,
}

/// <summary>What became of a run.</summary>
public enum RunEventKind
{
    /// <summary>It began.</summary>
    Begun,

    /// <summary>It went on, after it had been stopped.</summary>
    Resumed,

    /// <summary>It was saved: it can go on from there.</summary>
    Saved,

    /// <summary>It came to its end.</summary>
    Done,

    /// <summary>Its user stopped it.</summary>
    Interrupted,

    /// <summary>An error stopped it.</summary>
    Failed,

    /// <summary>Its process was gone before it could say so, as when it was killed.</summary>
    Stopped,
}

/// <summary>One number of a training curve or of a final evaluation.</summary>
public sealed record Metric
{
    /// <exception cref="ArgumentException">The name is empty, or the step negative.</exception>
    public Metric(string name, long step, double? value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        (Name, Step, Value) = (name, step, value is { } number && double.IsFinite(number) ? number : null);
    }

    /// <summary>What it is, such as <c>train.loss</c> or <c>test.accuracy</c>.</summary>
    public string Name { get; }

    /// <summary>Training batches seen before it.</summary>
    public long Step { get; }

    /// <summary>The number; null where it was not finite, since a database has no such numbers.</summary>
    public double? Value { get; }
}
