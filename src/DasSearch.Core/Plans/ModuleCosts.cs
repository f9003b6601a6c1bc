namespace DasSearch.Core.Plans;

/// <summary>A module with what stands in for it when it is skipped, and what is attached to it when it is kept.</summary>
/// <param name="Module">The module, with its own cost.</param>
/// <param name="ReplacementParameters">Parameters of what stands in for it.</param>
/// <param name="ReplacementMultiplyAccumulates">Multiply-accumulates of that, for one sample.</param>
/// <param name="AttachedParameters">Parameters of what is attached to it.</param>
/// <param name="AttachedMultiplyAccumulates">Multiply-accumulates of that, for one sample.</param>
public sealed record ModuleCosts(
    ModuleInfo Module,
    long ReplacementParameters,
    long ReplacementMultiplyAccumulates,
    long AttachedParameters,
    long AttachedMultiplyAccumulates)
{
    /// <summary>Those of its own parameters that are trained where it is kept.</summary>
    public long TrainedParameters { get; init; }
}
