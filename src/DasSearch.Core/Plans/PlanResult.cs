namespace DasSearch.Core.Plans;

/// <summary>What a plan was worth once trained.</summary>
/// <param name="Method">The transfer method that it was trained with, such as <c>das</c>.</param>
/// <param name="Seed">The seed of the training.</param>
/// <param name="Epochs">Its epochs.</param>
/// <param name="Metrics">Figures on the test data, such as <c>test.accuracy</c>; finite.</param>
/// <param name="Latency">Measured latency; null where it was not measured.</param>
/// <param name="Weights">File of the trained parts, relative to the plan's folder; null where they were not kept.</param>
/// <param name="WeightsSha256">That file's SHA-256; null likewise.</param>
public sealed record PlanResult(
    string Method,
    long Seed,
    int Epochs,
    IReadOnlyDictionary<string, double> Metrics,
    PlanLatency? Latency,
    string? Weights,
    string? WeightsSha256);
