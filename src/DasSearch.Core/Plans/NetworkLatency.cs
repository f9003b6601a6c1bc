namespace DasSearch.Core.Plans;

/// <summary>How long a batch takes in a run's networks, measured side by side on one machine.</summary>
/// <remarks>What skipping saves is taken to add up, as it does where modules run one after the other.</remarks>
public sealed record NetworkLatency
{
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public NetworkLatency(int batch, double fullMilliseconds, double keptMilliseconds, IReadOnlyList<double> savedMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(savedMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        Batch = batch;
        FullMilliseconds = Positive(fullMilliseconds, nameof(fullMilliseconds));
        KeptMilliseconds = Positive(keptMilliseconds, nameof(keptMilliseconds));
        SavedMilliseconds = savedMilliseconds.All(double.IsFinite)
            ? [.. savedMilliseconds]
            : throw new ArgumentOutOfRangeException(nameof(savedMilliseconds), "What is saved is finite.");
    }

    /// <summary>Samples of the batch.</summary>
    public int Batch { get; }

    /// <summary>The backbone as it is, without adapters.</summary>
    public double FullMilliseconds { get; }

    /// <summary>With its adapters, and nothing skipped.</summary>
    public double KeptMilliseconds { get; }

    /// <summary>How much less it is when a module is skipped, for each in order; below 0 where skipping takes longer.</summary>
    public IReadOnlyList<double> SavedMilliseconds { get; }

    /// <summary>What a network without some modules should take.</summary>
    /// <exception cref="ArgumentException">The subnetwork is of another number of modules.</exception>
    public PlanLatency Of(Subnetwork skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        return skipped.Modules == SavedMilliseconds.Count
            ? new PlanLatency(Batch, FullMilliseconds, KeptMilliseconds - skipped.Skipped.Sum(module => SavedMilliseconds[module]))
            : throw new ArgumentException(
                $"The subnetwork is one of {skipped.Modules} modules, latencies are of {SavedMilliseconds.Count}.", nameof(skipped));
    }

    private static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "A latency is positive.");
}

/// <summary>How long one batch takes, measured side by side.</summary>
/// <param name="Batch">Samples of the batch.</param>
/// <param name="FullMilliseconds">The full model.</param>
/// <param name="PlanMilliseconds">The planned network.</param>
public sealed record PlanLatency(int Batch, double FullMilliseconds, double PlanMilliseconds)
{
    /// <summary>How much longer the planned network takes, in percent of the full model; below 0 where it is faster.</summary>
    public double ChangePercent => 100 * ((PlanMilliseconds / FullMilliseconds) - 1);
}
