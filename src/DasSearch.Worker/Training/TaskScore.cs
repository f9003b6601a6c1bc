namespace DasSearch.Worker.Training;

/// <summary>How a network does on a split.</summary>
/// <param name="Loss">The mean loss of a sample.</param>
/// <param name="Accuracy">The share of samples that are right, in [0, 1]; where texts are ranked, of true texts that come first.</param>
public sealed record TaskScore(double Loss, double Accuracy);
