namespace DasSearch.Exports;

/// <summary>What a source says about a model.</summary>
/// <param name="Gates">The gates, or probabilities that rise with them, one per module; null where it has none.</param>
/// <param name="Selected">The modules that the authors' code chose, a set in any order; null where it tells of no choice.</param>
/// <param name="Count">How many modules were to be skipped; null where it does not say.</param>
/// <param name="Place">Where that is, as messages say it.</param>
internal sealed record Finding(IReadOnlyList<double>? Gates, IReadOnlyList<int>? Selected, int? Count, string Place);
