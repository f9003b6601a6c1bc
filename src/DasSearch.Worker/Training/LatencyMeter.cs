using System.Diagnostics;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Data.Batches;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>Measures how long a batch takes in the full model and in the planned network, turn by turn.</summary>
/// <remarks>In evaluation mode and without gradients. The medians are reported, so that an interruption does not count.</remarks>
public static class LatencyMeter
{
    private const int WarmUps = 3;
    private const int Turns = 30;

    /// <summary>Both latencies.</summary>
    /// <param name="full">The backbone with the task's head, untouched.</param>
    /// <param name="planned">The planned network.</param>
    /// <param name="skipped">What the plan skips.</param>
    /// <param name="batch">The batch, on the networks' device.</param>
    public static PlanLatency Measure(TransferNetwork full, TransferNetwork planned, Subnetwork skipped, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(full);
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(batch);
        full.Train(false);
        planned.Train(false);
        var whole = Subnetwork.Whole(skipped.Modules);
        var (fulls, plans) = (new List<double>(), new List<double>());
        for (var turn = -WarmUps; turn < Turns; turn++)
        {
            var (one, other) = (Time(full, whole, batch), Time(planned, skipped, batch));
            if (turn >= 0)
            {
                fulls.Add(one);
                plans.Add(other);
            }
        }

        return new PlanLatency(batch.Size, Median(fulls), Median(plans));
    }

    private static double Time(TransferNetwork network, Subnetwork skipped, Batch batch)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        _ = network.Logits(batch, skipped).sum().item<float>(); // what waits for a GPU to be done
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
