using DasSearch.Core;
using DasSearch.Store;

namespace DasSearch.App;

/// <summary>All that is known of a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Layers">What it found out about each module, the one that is skipped first at the top.</param>
/// <param name="Figures">The last value of each metric.</param>
/// <param name="Plans">Its plans.</param>
/// <param name="Events">What became of it, in its order.</param>
public sealed record RunOverview(
    RunDetails Run, IReadOnlyList<LayerReward> Layers, IReadOnlyList<Metric> Figures, IReadOnlyList<StoredPlan> Plans, IReadOnlyList<RunEvent> Events)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="StoreException">There is no such run.</exception>
    public static RunOverview Of(IRunReader read, string run)
    {
        ArgumentNullException.ThrowIfNull(read);
        var details = read.Find(run);
        var number = details.Summary.Run;
        return new RunOverview(
            details,
            [.. read.LayerRewards(number).OrderByDescending(layer => layer.Gate).ThenByDescending(layer => layer.Module)],
            read.LastMetrics(number),
            read.Plans(number),
            read.Events(number));
    }
}
