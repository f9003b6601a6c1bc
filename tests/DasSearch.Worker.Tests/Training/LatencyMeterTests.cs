using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;

namespace DasSearch.Worker.Tests.Training;

public sealed class LatencyMeterTests
{
    [Fact]
    public void MeasureModules_OfASupernet_TimesEachModuleAndLeavesNoTensor()
    {
        var task = new SmallTask("fashionvl-vqa");
        var config = TinySearch.Config;
        using var supernet = TinySearch.Network(config, task);
        using var full = TransferNetwork.Build(TinySearch.Request(config, task).Untouched());
        using var batch = task.Batch(Split.Validation, 0, 0, 4);
        var before = LiveTensors.Count();
        var latency = LatencyMeter.MeasureModules(full, supernet, batch, CancellationToken.None);

        Assert.Equal(before, LiveTensors.Count());
        Assert.Equal(4, latency.Batch);
        Assert.Equal(TinySearch.Layers, latency.SavedMilliseconds.Count);
        Assert.InRange(latency.Turns.Count, 9, 30);
        Assert.All(Enumerable.Range(0, TinySearch.Layers), module => Assert.NotNull(latency.SavedInterval(module)));
        Assert.NotNull(latency.Of(new Subnetwork(TinySearch.Layers, [0, 1])).Change);
        Assert.Throws<ArgumentException>(() => latency.Of(new Subnetwork(2, [0])));
    }

    [Fact]
    public void Turns_OfSeveralTimes_BeginWithAnotherOneEachTime()
    {
        var order = new List<int>();
        var turns = LatencyMeter.Turns(
            [.. Enumerable.Range(0, 3).Select(which => new Func<float>(() => Noted(which)))], so => so.Count == 3, CancellationToken.None);

        Assert.Equal([0, 1, 2, 1, 2, 0, 2, 0, 1, 0, 1, 2], order); // the first turn warms up
        Assert.All(turns, turn => Assert.Equal([0f, 1, 2], turn));

        float Noted(int which)
        {
            order.Add(which);
            return which;
        }
    }

    [Fact]
    public void Turns_Cancelled_End()
    {
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => LatencyMeter.Turns([() => 1], so =>
        {
            if (so.Count == 5)
            {
                cancelled.Cancel();
            }

            return false;
        }, cancelled.Token));
    }

    [Fact]
    public void SevenMeasurements_OnADisturbedMachine_AgreeWithinTheirIntervals()
    {
        // A machine that is half as fast for seconds on end, now and then interrupts, and always scatters by a twentieth: the truth is -20 %.
        var random = new SeededRandom(7);
        var (now, slow, until) = (0.0, 1.0, 0.0);
        float Run(double milliseconds)
        {
            if (now > until)
            {
                (slow, until) = (random.NextDouble() < 0.4 ? 2 : 1, now + (3000 * random.NextDouble()));
            }

            var scatter = Math.Exp(0.1 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
            var took = milliseconds * slow * scatter * (random.NextDouble() < 0.03 ? 4 : 1);
            now += took;
            return (float)took;
        }

        var measured = Enumerable.Range(0, 7).Select(_ =>
        {
            IReadOnlyList<float[]> turns = LatencyMeter.Turns([() => Run(50), () => Run(40)], so => so.Count >= 20 && (so.Count >= 200 || Of(so).IsNarrow), CancellationToken.None);
            return Of(turns);
        }).ToList();

        Assert.All(measured, one => Assert.True(one.IsNarrow));
        Assert.True(measured.Count(one => one.LowerPercent <= -20 && -20 <= one.UpperPercent) >= 6, string.Join('\n', measured));
        Assert.InRange(measured.Max(one => one.Percent) - measured.Min(one => one.Percent), 0, LatencyChange.Narrow);

        static LatencyChange Of(IReadOnlyList<float[]> turns) => LatencyChange.Of([.. turns.Select(turn => (double)turn[1] / turn[0])])!;
    }
}
