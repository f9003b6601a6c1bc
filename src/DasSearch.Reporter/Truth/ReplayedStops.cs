namespace DasSearch.Reporter.Truth;

/// <summary>What a stop rule did to searches that were replayed.</summary>
/// <param name="Tolerance">By what share more reward the best subnetwork must have for a choice to be wrong.</param>
/// <param name="Share">The share of searches that it ended.</param>
/// <param name="MeanEvaluations">The mean of their evaluations; null where there are none.</param>
/// <param name="Wrong">The share of these whose choice is wrong by the truth; null where there are none.</param>
/// <param name="MeanRank">The mean of their choices' true ranks; null where there are none.</param>
public sealed record ReplayedStops(double Tolerance, double Share, double? MeanEvaluations, double? Wrong, double? MeanRank);
