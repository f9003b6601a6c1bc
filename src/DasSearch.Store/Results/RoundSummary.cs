namespace DasSearch.Store.Results;

/// <summary>A row of the view <c>v_rounds</c>.</summary>
/// <param name="Round">Its number, from 0.</param>
/// <param name="Step">Training batches seen before it.</param>
/// <param name="Epoch">The training epoch it falls into.</param>
/// <param name="Evaluations">How many candidates it had.</param>
/// <param name="Scored">How many of them were scored.</param>
/// <param name="MeanLoss">Mean loss of those scored; null without any.</param>
/// <param name="MeanReward">Mean reward, the controller's baseline: 0 for one that diverged or failed; null where all were cancelled.</param>
/// <param name="BestReward">The best of them; null likewise.</param>
/// <param name="Milliseconds">Wall-clock time of the round.</param>
/// <param name="RecordedAt">When it was stored.</param>
public sealed record RoundSummary(
    int Round,
    long Step,
    int Epoch,
    long Evaluations,
    long Scored,
    double? MeanLoss,
    double? MeanReward,
    double? BestReward,
    double Milliseconds,
    DateTimeOffset RecordedAt);
