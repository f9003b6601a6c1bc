using DasSearch.Core;
using MathNet.Numerics.Statistics;

namespace DasSearch.Reporter.Replays;

/// <summary>How good a controller's choices are after so many evaluations, over seeds.</summary>
/// <param name="Controller">The controller.</param>
/// <param name="Points">Means after each round.</param>
/// <param name="Stops">What a stop rule did; null where there was none.</param>
public sealed record ReplayCurve(string Controller, IReadOnlyList<ReplayPoint> Points, ReplayedStops? Stops = null)
{
    /// <summary>Averages runs.</summary>
    /// <param name="controller">The controller.</param>
    /// <param name="table">The truth.</param>
    /// <param name="candidates">Evaluations of a round.</param>
    /// <param name="runs">The search of each seed; at least two.</param>
    /// <param name="tolerance">What a stop rule tolerated; null where there was none.</param>
    public static ReplayCurve Of(string controller, ExhaustiveTable table, int candidates, IReadOnlyList<ReplayedSearch> runs, double? tolerance = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(runs);
        return new ReplayCurve(
            controller,
            [
                .. Enumerable.Range(0, runs[0].Choices.Count).Select(round =>
                {
                    var ranks = runs.Select(run => (double)table.RankOf(run.Choices[round])).ToArray();
                    var regrets = runs.Select(run => table.RegretOf(run.Choices[round])).ToArray();
                    return new ReplayPoint((round + 1) * candidates, ranks.Median(), ranks.Mean(), Error(ranks), regrets.Mean(), Error(regrets));
                }),
            ],
            tolerance is { } allowed ? Stopped(table, candidates, runs, allowed) : null);
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

    private static ReplayedStops Stopped(ExhaustiveTable table, int candidates, IReadOnlyList<ReplayedSearch> runs, double tolerance)
    {
        var ended = runs.Where(static run => run.Stopped is not null).Select(static run => (Rounds: run.Stopped!.Value, Choice: run.Choices[run.Stopped.Value - 1])).ToList();
        return new ReplayedStops(
            tolerance,
            (double)ended.Count / runs.Count,
            Mean(run => run.Rounds * candidates),
            Mean(run => table.RewardRegretOf(run.Choice) > tolerance ? 1 : 0),
            Mean(run => table.RankOf(run.Choice)));

        double? Mean(Func<(int Rounds, Subnetwork Choice), double> of) => ended.Count > 0 ? ended.Average(of) : null;
    }

    // Half of a 95 % interval: there are many seeds.
    private static double Error(double[] values) => 1.96 * values.StandardDeviation() / Math.Sqrt(values.Length);
}

/// <summary>How good choices are after so many evaluations.</summary>
/// <param name="Evaluations">The evaluations.</param>
/// <param name="MedianRank">The median of the choices' true ranks, from 1.</param>
/// <param name="MeanRank">Their mean.</param>
/// <param name="RankError">Half of its 95 % interval.</param>
/// <param name="MeanRegret">The mean of how much more they lose than the best.</param>
/// <param name="RegretError">Half of its 95 % interval.</param>
public sealed record ReplayPoint(int Evaluations, double MedianRank, double MeanRank, double RankError, double MeanRegret, double RegretError);

/// <summary>What a stop rule did to searches that were replayed.</summary>
/// <param name="Tolerance">By what share more reward the best subnetwork must have for a choice to be wrong.</param>
/// <param name="Share">The share of searches that it ended.</param>
/// <param name="MeanEvaluations">The mean of their evaluations; null where there are none.</param>
/// <param name="Wrong">The share of these whose choice is wrong by the table; null where there are none.</param>
/// <param name="MeanRank">The mean of their choices' true ranks; null where there are none.</param>
public sealed record ReplayedStops(double Tolerance, double Share, double? MeanEvaluations, double? Wrong, double? MeanRank);
