namespace DasSearch.App;

/// <summary>How a plan is to be trained.</summary>
/// <param name="Method">The transfer method.</param>
/// <param name="Seed">The training's seed; null for the run's.</param>
/// <param name="Output">The trained plan's file; null for the plan's own.</param>
/// <param name="Gallery">Images of the gallery for recall, where the task ranks; 0 for none.</param>
public sealed record TrainingRequest(string Method, long? Seed, string? Output, int Gallery);
