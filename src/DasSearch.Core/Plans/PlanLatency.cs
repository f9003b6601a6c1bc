namespace DasSearch.Core.Plans;

/// <summary>How long one batch takes, measured side by side.</summary>
/// <param name="Batch">Samples of the batch.</param>
/// <param name="FullMilliseconds">The full model.</param>
/// <param name="PlanMilliseconds">The planned network.</param>
public sealed record PlanLatency(int Batch, double FullMilliseconds, double PlanMilliseconds)
{
    /// <summary>How much longer the planned network takes, in percent of the full model; below 0 where it is faster.</summary>
    public double ChangePercent => 100 * ((PlanMilliseconds / FullMilliseconds) - 1);
}
