using DasSearch.Core.Plans;

namespace DasSearch.Core.Tests;

public sealed class LatencyTests
{
    [Fact]
    public void Interval_OfSkewedValues_HasTheirMedianInItAsOftenAsItSays()
    {
        var random = new SeededRandom(3);
        foreach (var count in (int[])[6, 9, 20, 61, 1200])
        {
            var hits = 0;
            const int Samples = 400;
            for (var i = 0; i < Samples; i++)
            {
                // Exponential: its median is ln 2.
                var interval = MedianInterval.Of([.. Enumerable.Range(0, count).Select(_ => -Math.Log(1 - random.NextDouble()))])!.Value;
                Assert.InRange(interval.Median, interval.Lower, interval.Upper);
                hits += interval.Lower <= Math.Log(2) && Math.Log(2) <= interval.Upper ? 1 : 0;
            }

            Assert.InRange(hits, 0.925 * Samples, Samples); // 95 %, less 2.3 standard deviations
        }
    }

    [Theory]
    [InlineData(6, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(20, 6)]
    [InlineData(100, 40)]
    public void Interval_Ends_AreTheOrderStatisticsOfTables(int count, int rank)
    {
        var interval = MedianInterval.Of([.. Enumerable.Range(1, count).Select(static i => (double)i).Reverse()])!.Value;
        Assert.Equal((rank, count + 1 - rank), ((int)interval.Lower, (int)interval.Upper));
    }

    [Fact]
    public void Interval_OfTooFew_IsNone()
    {
        Assert.Null(MedianInterval.Of([1, 2, 3, 4, 5]));
        Assert.Null(LatencyChange.Of([1, 1, 1]));
        Assert.Null(LatencyChange.Together([]));
    }

    [Fact]
    public void Change_Together_CoversEachMeasurement()
    {
        var together = LatencyChange.Together([new(-20, -22, -19, 30), new(-26, -27, -24, 20)])!;
        Assert.Equal(new LatencyChange(-23, -27, -19, 50), together);
        Assert.False(together.IsNarrow);
        Assert.True(new LatencyChange(-20, -22, -18, 30).IsNarrow);
    }

    [Fact]
    public void Network_OfTurns_AddsUpTurnByTurn()
    {
        // Every turn is slower than the one before by a tenth; without module 1 each saves a quarter, without module 0 nothing.
        var turns = Enumerable.Range(0, 9).Select(static i => MathF.Pow(1.1f, i)).Select(static slow => new LatencyTurn(100 * slow, 110 * slow, [110 * slow, 85 * slow])).ToList();
        var latency = new NetworkLatency(64, turns);
        var both = latency.Of(new Subnetwork(2, [0, 1]));

        Assert.Equal((-15, 9), (Math.Round(both.ChangePercent, 3), both.Change!.Pairs));
        Assert.True(both.Change.UpperPercent - both.Change.LowerPercent < 1e-3, "what disturbs all networks alike does not widen the interval");
        Assert.Equal(latency.FullMilliseconds * 0.85, both.PlanMilliseconds, 1e-3);
        Assert.Equal(0, latency.SavedInterval(0)!.Value.Upper);
        Assert.InRange(latency.SavedMilliseconds[1], latency.SavedInterval(1)!.Value.Lower, latency.SavedInterval(1)!.Value.Upper);
        Assert.Throws<ArgumentException>(() => new NetworkLatency(64, []));
        Assert.Throws<ArgumentException>(() => new NetworkLatency(64, [turns[0], new LatencyTurn(1, 1, [1])]));
    }

    [Fact]
    public void Network_OfOldMedians_HasNoInterval()
    {
        var latency = new NetworkLatency(64, 100, 110, [25, 0]);
        Assert.Null(latency.SavedInterval(0));
        var plan = latency.Of(new Subnetwork(2, [0]));
        Assert.Equal((-15, null), (Math.Round(plan.ChangePercent, 9), plan.Change));
    }
}
