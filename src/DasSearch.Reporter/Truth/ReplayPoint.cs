namespace DasSearch.Reporter.Truth;

/// <summary>How good choices are after so many evaluations.</summary>
/// <param name="Evaluations">The evaluations.</param>
/// <param name="MedianRank">The median of the choices' true ranks, from 1.</param>
/// <param name="MeanRank">Their mean.</param>
/// <param name="RankError">Half of its 95 % interval.</param>
/// <param name="MeanRegret">The mean of how much more they lose than the best.</param>
/// <param name="RegretError">Half of its 95 % interval.</param>
public sealed record ReplayPoint(int Evaluations, double MedianRank, double MeanRank, double RankError, double MeanRegret, double RegretError);
