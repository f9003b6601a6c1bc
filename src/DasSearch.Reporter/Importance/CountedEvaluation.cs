namespace DasSearch.Reporter.Importance;

/// <summary>An evaluation that counts.</summary>
/// <param name="Skipped">What it skips, ascending.</param>
/// <param name="Reward">What it counts for.</param>
internal readonly record struct CountedEvaluation(int[] Skipped, double Reward);
