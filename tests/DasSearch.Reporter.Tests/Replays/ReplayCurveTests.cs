using DasSearch.Core;
using DasSearch.Reporter.Replays;

namespace DasSearch.Reporter.Tests.Replays;

/// <summary>Searches that were replayed, averaged.</summary>
public sealed class ReplayCurveTests
{
    private static readonly ExhaustiveTable _table = new([.. Enumerable.Range(0, 4).Select(i => new ExhaustiveScore(new(4, [i]), 0, [i]))], 1);

    [Fact]
    public void Of_TwoSeeds_HasMeansAndIntervals()
    {
        var curve = ReplayCurve.Of("das", _table, candidates: 3, [Choices(3, 1), Choices(1, 1)]);

        Assert.Equal([3, 6], curve.Points.Select(point => point.Evaluations));
        Assert.Equal((3.0, 3.0, 2.0), (curve.Points[0].MeanRank, curve.Points[0].MedianRank, curve.Points[0].MeanRegret));

        // Ranks 4 and 2: a standard deviation of √2 over √2 seeds.
        Assert.Equal(1.96, curve.Points[0].RankError, 1e-9);
        Assert.Equal((2.0, 0.0), (curve.Points[1].MeanRank, curve.Points[1].RankError));
    }

    [Fact]
    public void EvaluationsTo_IsWhereItStays()
    {
        var curve = ReplayCurve.Of("das", _table, 3, [Choices(0, 3, 1, 0, 0), Choices(0, 3, 1, 0, 0)]);
        Assert.Equal((12, 9, 3, null), (curve.EvaluationsTo(1), curve.EvaluationsTo(2), curve.EvaluationsTo(4), curve.EvaluationsTo(0.5)));
    }

    [Fact]
    public void Of_SearchesThatWouldHaveEnded_SaysHowTheyStoodThen()
    {
        // Rewards are e⁰, e⁻¹ …: the best has 1.72 times more than the second best.
        var curve = ReplayCurve.Of("das", _table, 3, [Choices(3, 0) with { Stopped = 2 }, Choices(1, 0) with { Stopped = 1 }, Choices(3, 3)], tolerance: 1.7);
        Assert.Equal(new ReplayedStops(1.7, 2 / 3.0, 4.5, 0.5, 1.5), curve.Stops);
        Assert.Equal(0.0, ReplayCurve.Of("das", _table, 3, [Choices(3, 1) with { Stopped = 2 }, Choices(1, 0)], tolerance: 1.8).Stops!.Wrong);
        Assert.Equal((0.0, null), (ReplayCurve.Of("das", _table, 3, [Choices(3), Choices(1)], 0.6).Stops!.Share, ReplayCurve.Of("das", _table, 3, [Choices(3), Choices(1)], 0.6).Stops!.Wrong));
    }

    private static ReplayedSearch Choices(params int[] modules) => new([.. modules.Select(module => new Subnetwork(4, [module]))]);
}
