namespace DasSearch.Core;

/// <summary>A reward that is expected, and where it lies with a confidence of 95 %.</summary>
public sealed record RewardPrediction(double Reward, double Lower, double Upper);
