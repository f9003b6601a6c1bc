using DasSearch.Core;

namespace DasSearch.Models.Backbones;

/// <summary>A backbone in numbers: what a search, an account or a profile has to know without building it.</summary>
/// <param name="Modules">The modules that can be skipped, in order of computation.</param>
/// <param name="Shapes">What each of them works on.</param>
/// <param name="SummaryWidth">Width of the vector that heads see.</param>
/// <param name="OutsideParameters">Parameters outside the modules: embeddings, norms, poolers; no heads.</param>
/// <param name="OutsideTransferred">Those of them that every transfer method trains.</param>
/// <param name="OutsideMultiplyAccumulates">Multiply-accumulates outside the modules, for one sample.</param>
public sealed record BackboneDescription(
    IReadOnlyList<ModuleInfo> Modules,
    IReadOnlyList<ModuleShape> Shapes,
    int SummaryWidth,
    long OutsideParameters,
    long OutsideTransferred,
    long OutsideMultiplyAccumulates)
{
    /// <summary>The modules by name and kind, in order: where adapters can be placed.</summary>
    public IReadOnlyList<ModulePart> Parts { get; } = [.. Modules.Select(static module => module.Part)];
}

/// <summary>What a module works on: [batch, tokens, width].</summary>
/// <param name="Tokens">Tokens of one sample.</param>
/// <param name="Width">Width of a token's vector.</param>
public readonly record struct ModuleShape(int Tokens, int Width);
