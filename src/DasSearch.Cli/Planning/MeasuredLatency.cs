using DasSearch.Cli.Searching;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Training;

namespace DasSearch.Cli.Planning;

/// <summary>How long a batch takes in the planned network and in the full model, on this machine.</summary>
internal static class MeasuredLatency
{
    private const int Batch = 64;

    /// <summary>Measures both on the same batch, turn by turn.</summary>
    /// <param name="work">The plan.</param>
    /// <param name="task">Its task.</param>
    /// <param name="network">The planned network.</param>
    /// <param name="place">Where it lives.</param>
    internal static PlanLatency Of(PlannedWork work, IVisionLanguageTask task, TransferNetwork network, Workplace place)
    {
        using var full = TransferNetwork.Build(work.Request(task, place.Device).Untouched());
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, Batch).MoveTo(place.Device);
        return LatencyMeter.Measure(full, network, work.Plan.Subnetwork, batch);
    }

    /// <summary>Measures what skipping each module saves, which budgets of latency go by.</summary>
    /// <param name="config">The search's settings.</param>
    /// <param name="parts">The search.</param>
    internal static NetworkLatency OfModules(RunConfig config, SearchParts parts)
    {
        var device = parts.Place.Device;
        using var full = TransferNetwork.Build(NetworkRequest.Supernet(config, parts.Checkpoint, parts.Task, device).Untouched());
        using var batch = parts.Task.Batch(Split.Validation, epoch: 0, index: 0, Batch).MoveTo(device);
        return LatencyMeter.MeasureModules(full, parts.Network, batch);
    }

    /// <summary>Such as <c>latency of 64           27.9 ms, full model 34.5 ms (-19.3 %)</c>.</summary>
    internal static string Text(PlanLatency latency) =>
        FormattableString.Invariant(
            $"latency of {latency.Batch,-13}{latency.PlanMilliseconds:F1} ms, full model {latency.FullMilliseconds:F1} ms ({latency.ChangePercent:+0.0;-0.0;0} %)");
}
