namespace DasSearch.Reporter.Importance;

/// <summary>What a run's rewards say about one module.</summary>
/// <param name="Module">The module's index, from 0.</param>
/// <param name="Skipped">How many evaluations that count skip it.</param>
/// <param name="MeanRewardSkipped">Their mean reward, not adjusted for anything; null without any.</param>
/// <param name="MeanRewardKept">The mean reward of the others; null without any.</param>
/// <param name="Importance">
/// How much reward is lost when it is skipped rather than an average module, whatever else is skipped; high means needed.
/// Null where the evidence is not enough.
/// </param>
public sealed record LayerImportance(
    int Module, long Skipped, double? MeanRewardSkipped, double? MeanRewardKept, Estimate? Importance);
