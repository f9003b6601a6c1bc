namespace DasSearch.Core.Plans;

/// <summary>A module that a plan skips.</summary>
/// <param name="Index">Its index among the backbone's modules, from 0.</param>
/// <param name="Module">Its name in the checkpoint.</param>
/// <param name="Kind">What part of a layer it is.</param>
/// <param name="Evidence">Why; null for a plan that no search has made.</param>
public sealed record SkippedModule(int Index, string Module, ModuleKind Kind, SkipEvidence? Evidence);
