namespace DasSearch.Core.Plans;

/// <summary>Why a module is skipped: the controller's gate and the rewards behind it.</summary>
/// <param name="Gate">Its gate at the end; unitless, high means redundant.</param>
/// <param name="Probability">How likely it was to be drawn at the end, from 0 to 1.</param>
/// <param name="Skipped">How many evaluations skipped it.</param>
/// <param name="MeanRewardSkipped">Their mean reward; null without any.</param>
/// <param name="MeanRewardKept">The mean reward of the others; null without any.</param>
/// <param name="StandardError">Standard error of the difference of the two means; null where it cannot be told.</param>
public sealed record SkipEvidence(
    double Gate,
    double Probability,
    long Skipped,
    double? MeanRewardSkipped,
    double? MeanRewardKept,
    double? StandardError)
{
    /// <summary>How much higher the mean reward is when the module is skipped; null where one of the means is missing.</summary>
    public double? Difference => MeanRewardSkipped - MeanRewardKept;
}
