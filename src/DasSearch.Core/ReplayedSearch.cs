namespace DasSearch.Core;

/// <summary>A search that was replayed on a <see cref="TruthTable"/>.</summary>
/// <param name="Choices">What the gates choose after each round.</param>
/// <param name="Stopped">After how many rounds a stop rule would have ended it; null where it would not, or there is no rule.</param>
public sealed record ReplayedSearch(IReadOnlyList<Subnetwork> Choices, int? Stopped = null);
