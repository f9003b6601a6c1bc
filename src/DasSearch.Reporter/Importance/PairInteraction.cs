namespace DasSearch.Reporter.Importance;

/// <summary>What two modules do together that they do not do apart.</summary>
/// <param name="First">The index of the first module.</param>
/// <param name="Second">The index of the second, larger.</param>
/// <param name="Together">How many evaluations that count skip both.</param>
/// <param name="Effect">
/// How much higher reward is with both skipped than the effects of each add up to: above 0 the second skip costs less
/// once the first is made, below 0 each stands in for the other. Null where they were hardly seen together, or always.
/// </param>
/// <param name="AdjustedPValue">
/// The p-value adjusted for there being many pairs (Benjamini and Hochberg, J. Royal Statistical Society B 57, 1995): of
/// all pairs up to 0.05, a twentieth is noise. Null likewise.
/// </param>
public sealed record PairInteraction(int First, int Second, long Together, Estimate? Effect, double? AdjustedPValue);
