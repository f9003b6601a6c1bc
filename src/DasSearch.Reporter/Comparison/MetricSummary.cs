using MathNet.Numerics.Statistics;

namespace DasSearch.Reporter.Comparison;

/// <summary>A figure over several trainings.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="StandardDeviation">Its standard deviation from one training to the next; null for a single one.</param>
public sealed record MetricSummary(double Mean, double? StandardDeviation)
{
    internal static MetricSummary Of(IReadOnlyList<double> values) =>
        new(values.Mean(), values.Count > 1 ? values.StandardDeviation() : null);
}
