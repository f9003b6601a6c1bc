namespace DasSearch.Worker.Pretraining;

/// <summary>How well a model does on scenes that it was not trained on.</summary>
/// <param name="Step">Optimizer steps taken before.</param>
/// <param name="TrainingLoss">Mean loss of the steps since the last figures; NaN before the first step.</param>
/// <param name="MatchingAccuracy">Share of captions, half of them false by one attribute, that are told right, from 0 to 1.</param>
/// <param name="WordAccuracy">Share of hidden words that are found, from 0 to 1.</param>
/// <param name="Seconds">Seconds of training so far, interruptions left out.</param>
public sealed record HeldOutFigures(int Step, double TrainingLoss, double MatchingAccuracy, double WordAccuracy, double Seconds);
