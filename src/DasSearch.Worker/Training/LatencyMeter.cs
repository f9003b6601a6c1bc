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
    private const int TurnsOfModules = 15;

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

    /// <summary>Those of the full model and of a supernet, whole and without each of its modules.</summary>
    /// <param name="full">The backbone with the task's head, untouched.</param>
    /// <param name="supernet">All adapters on it.</param>
    /// <param name="batch">The batch, on the networks' device.</param>
    public static NetworkLatency MeasureModules(TransferNetwork full, TransferNetwork supernet, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(full);
        ArgumentNullException.ThrowIfNull(supernet);
        ArgumentNullException.ThrowIfNull(batch);
        full.Train(false);
        supernet.Train(false);
        var modules = supernet.Backbone.Modules.Count;
        var whole = Subnetwork.Whole(modules);
        var (fulls, wholes) = (new List<double>(), new List<double>());
        var saved = Enumerable.Range(0, modules).Select(static _ => new List<double>()).ToList();
        for (var turn = -WarmUps; turn < TurnsOfModules; turn++)
        {
            var (untouched, kept) = (Time(full, whole, batch), Time(supernet, whole, batch));
            var without = Enumerable.Range(0, modules).Select(module => Time(supernet, new Subnetwork(modules, [module]), batch)).ToList();
            if (turn >= 0)
            {
                fulls.Add(untouched);
                wholes.Add(kept);
                for (var module = 0; module < modules; module++)
                {
                    saved[module].Add(kept - without[module]);
                }
            }
        }

        return new NetworkLatency(batch.Size, Median(fulls), Median(wholes), [.. saved.Select(Median)]);
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
