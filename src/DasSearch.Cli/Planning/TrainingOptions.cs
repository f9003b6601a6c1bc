namespace DasSearch.Cli.Planning;

/// <summary>How a plan is to be trained.</summary>
/// <param name="Method">The transfer method.</param>
/// <param name="Seed">The training's seed; null for the run's.</param>
/// <param name="Output">The trained plan's file; null for the plan's own.</param>
/// <param name="Gallery">Images of the gallery for recall, where the task ranks; 0 for none.</param>
/// <param name="Quiet">Whether nothing is shown while it goes on.</param>
/// <param name="Json">Whether the trained plan is printed as JSON.</param>
internal sealed record TrainingOptions(string Method, long? Seed, string? Output, int Gallery, bool Quiet, bool Json);
