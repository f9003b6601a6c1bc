using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Training;

namespace DasSearch.App;

/// <summary>How long a batch takes in the planned network and in the full model, on this machine.</summary>
internal static class MeasuredLatency
{
    private const int Batch = 64;

    /// <summary>Measures both on the same batch, turn by turn.</summary>
    /// <param name="isMerged">Whether what a method adds is merged first, where that can be done: networks are used so.</param>
    internal static PlanLatency Of(
        AppEnvironment environment, PlannedWork work, IVisionLanguageTask task, TransferNetwork network, bool isMerged, CancellationToken cancellation)
    {
        // Fresh weights take as long as trained ones.
        using var merged = isMerged && network.IsMergeable ? TransferNetwork.Build(work.Planned(environment, task, network.Device, seed: 0) with { IsRestored = true }) : null;
        merged?.Merge();
        using var full = TransferNetwork.Build(work.Request(environment, task, network.Device).Untouched());
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, Batch).MoveTo(network.Device);
        return LatencyMeter.Measure(full, merged ?? network, work.Plan.Subnetwork, batch, cancellation);
    }

    /// <summary>Measures what skipping each module saves, which budgets of latency go by.</summary>
    internal static NetworkLatency OfModules(SearchParts parts, CancellationToken cancellation)
    {
        using var full = TransferNetwork.Build(parts.Request.Untouched());
        using var batch = parts.Request.Task.Batch(Split.Validation, epoch: 0, index: 0, Batch).MoveTo(parts.Request.Device);
        return LatencyMeter.MeasureModules(full, parts.Network, batch, cancellation);
    }
}
