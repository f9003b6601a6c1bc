namespace DasSearch.Core;

/// <summary>A module by its name, with what part of a layer it is: as much as has to be known to place adapters.</summary>
/// <param name="Name">Its name in the checkpoint, such as <c>transformer.blocks.3</c>.</param>
/// <param name="Kind">What part of a layer it is.</param>
public readonly record struct ModulePart(string Name, ModuleKind Kind);
