using System.Diagnostics;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Data.Batches;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>Measures how long a batch takes in several networks, turn by turn, until their difference is known well enough.</summary>
/// <remarks>
/// In evaluation mode and without gradients. In each turn every network runs the same batch once, beginning with another one each time, so that what
/// disturbs the machine for a while disturbs them all. What is reported is the median of the turns' ratios and its interval by order
/// statistics (<see cref="MedianInterval"/>): an interruption does not count, and nothing is assumed about how times scatter.
/// </remarks>
public static class LatencyMeter
{
    private const int WarmUps = 1;
    private const int FewestPairs = 20;
    private const int MostPairs = 200;
    private const int FewestTurns = 9;
    private const int MostTurns = 30;
    private static readonly TimeSpan _longestForPairs = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _longestForTurns = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1); // even if that is too little for an interval

    /// <summary>Both latencies, and their difference to 2 percentage points either way, or as well as it is known after 20 seconds.</summary>
    /// <param name="full">The backbone with the task's head, untouched.</param>
    /// <param name="planned">The planned network.</param>
    /// <param name="skipped">What the plan skips.</param>
    /// <param name="batch">The batch, on the networks' device.</param>
    /// <param name="cancellation">Ends it after the pass in progress.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static PlanLatency Measure(TransferNetwork full, TransferNetwork planned, Subnetwork skipped, Batch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(full);
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(batch);
        full.Train(false);
        planned.Train(false);
        var whole = Subnetwork.Whole(skipped.Modules);
        var clock = Stopwatch.StartNew();
        var pairs = Turns(
            [() => Time(full, whole, batch), () => Time(planned, skipped, batch)],
            so => IsOver(clock.Elapsed, so.Count, FewestPairs, MostPairs, _longestForPairs) || (so.Count >= FewestPairs && Change(so) is { IsNarrow: true }),
            cancellation);
        return new PlanLatency(
            batch.Size, MedianInterval.MedianOf([.. pairs.Select(pair => (double)pair[0])]), MedianInterval.MedianOf([.. pairs.Select(pair => (double)pair[1])]), Change(pairs));

        static LatencyChange? Change(IReadOnlyList<float[]> pairs) => LatencyChange.Of([.. pairs.Select(pair => (double)pair[1] / pair[0])]);
    }

    /// <summary>Those of the full model and of a supernet, whole and without each of its modules, each to 2 percent of the full model or as well as it is known after 7 seconds.</summary>
    /// <param name="full">The backbone with the task's head, untouched.</param>
    /// <param name="supernet">All adapters on it.</param>
    /// <param name="batch">The batch, on the networks' device.</param>
    /// <param name="cancellation">Ends it after the pass in progress.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static NetworkLatency MeasureModules(TransferNetwork full, TransferNetwork supernet, Batch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(full);
        ArgumentNullException.ThrowIfNull(supernet);
        ArgumentNullException.ThrowIfNull(batch);
        full.Train(false);
        supernet.Train(false);
        var modules = supernet.Backbone.Modules.Count;
        var whole = Subnetwork.Whole(modules);
        var without = Enumerable.Range(0, modules).Select(module => new Subnetwork(modules, [module]));
        var clock = Stopwatch.StartNew();
        var turns = Turns(
            [() => Time(full, whole, batch), () => Time(supernet, whole, batch), .. without.Select<Subnetwork, Func<float>>(skipped => () => Time(supernet, skipped, batch))],
            so => IsOver(clock.Elapsed, so.Count, FewestTurns, MostTurns, _longestForTurns) || (so.Count >= FewestTurns && IsNarrow(Latency(so))),
            cancellation);
        return Latency(turns);

        NetworkLatency Latency(IReadOnlyList<float[]> times) => new(batch.Size, [.. times.Select(turn => new LatencyTurn(turn[0], turn[1], turn[2..]))]);

        bool IsNarrow(NetworkLatency latency) => Enumerable.Range(0, modules).All(module =>
            latency.SavedInterval(module) is { } saved && 100 * (saved.Upper - saved.Lower) <= LatencyChange.Narrow * latency.FullMilliseconds);
    }

    /// <summary>Takes all times once a turn, each turn beginning with the next of them, until there are enough.</summary>
    /// <param name="times">Each runs something, and says how long that took.</param>
    /// <param name="isEnough">Asked after each turn that counts.</param>
    internal static IReadOnlyList<float[]> Turns(IReadOnlyList<Func<float>> times, Func<IReadOnlyList<float[]>, bool> isEnough, CancellationToken cancellation)
    {
        var turns = new List<float[]>();
        for (var turn = -WarmUps; turn <= 0 || !isEnough(turns); turn++)
        {
            var taken = new float[times.Count];
            for (var i = 0; i < taken.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var at = (turn + WarmUps + i) % taken.Length;
                taken[at] = times[at]();
            }

            if (turn >= 0)
            {
                turns.Add(taken);
            }
        }

        return turns;
    }

    private static bool IsOver(TimeSpan elapsed, int turns, int fewest, int most, TimeSpan longest) =>
        turns >= most || elapsed >= _longest || (turns >= fewest && elapsed >= longest);

    private static float Time(TransferNetwork network, Subnetwork skipped, Batch batch)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        _ = network.Logits(batch, skipped).sum().item<float>(); // what waits for a GPU to be done
        return (float)clock.Elapsed.TotalMilliseconds;
    }
}
