using DasSearch.Core;
using MathNet.Numerics.Statistics;

namespace DasSearch.Reporter.Truth;

/// <summary>How good a controller's choices are after so many evaluations, over seeds.</summary>
/// <param name="Controller">The controller.</param>
/// <param name="Points">Means after each round.</param>
public sealed record ReplayCurve(string Controller, IReadOnlyList<ReplayPoint> Points)
{
    /// <summary>Averages runs.</summary>
    /// <param name="controller">The controller.</param>
    /// <param name="table">The truth.</param>
    /// <param name="candidates">Evaluations of a round.</param>
    /// <param name="runs">What each seed chose after each round; at least two seeds.</param>
    public static ReplayCurve Of(string controller, TruthTable table, int candidates, IReadOnlyList<IReadOnlyList<Subnetwork>> runs)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(runs);
        return new ReplayCurve(
            controller,
            [
                .. Enumerable.Range(0, runs[0].Count).Select(round =>
                {
                    var ranks = runs.Select(choices => (double)table.RankOf(choices[round])).ToArray();
                    var regrets = runs.Select(choices => table.RegretOf(choices[round])).ToArray();
                    return new ReplayPoint((round + 1) * candidates, ranks.Median(), ranks.Mean(), Error(ranks), regrets.Mean(), Error(regrets));
                }),
            ]);
    }

    /// <summary>The fewest evaluations after which the mean rank is at most so and stays there; null where it never does.</summary>
    public int? EvaluationsTo(double rank)
    {
        var settled = Points.Count;
        while (settled > 0 && Points[settled - 1].MeanRank <= rank)
        {
            settled--;
        }

        return settled < Points.Count ? Points[settled].Evaluations : null;
    }

    // Half of a 95 % interval: there are many seeds.
    private static double Error(double[] values) => 1.96 * values.StandardDeviation() / Math.Sqrt(values.Length);
}
