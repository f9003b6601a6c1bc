namespace DasSearch.Core;

/// <summary>What a subnetwork of a searched supernet is worth on a whole split, sample by sample.</summary>
/// <remarks>A fast validation on any batch of the split can be replayed from it: its loss is the mean of the batch's samples.</remarks>
public sealed record SubnetworkTruth
{
    /// <summary>Keeps what was measured.</summary>
    /// <param name="subnetwork">What is skipped.</param>
    /// <param name="right">How many samples are right; a sample may be partly so.</param>
    /// <param name="losses">The loss of each sample, in the split's order; at least one.</param>
    /// <exception cref="ArgumentException">There are no samples, or more are right than there are.</exception>
    public SubnetworkTruth(Subnetwork subnetwork, double right, IReadOnlyList<float> losses)
    {
        ArgumentNullException.ThrowIfNull(subnetwork);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfZero(losses.Count, nameof(losses));
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, losses.Count);
        Subnetwork = subnetwork;
        Right = right;
        Losses = [.. losses];
        Loss = losses.Sum(static loss => (double)loss) / losses.Count;
    }

    /// <summary>What is skipped.</summary>
    public Subnetwork Subnetwork { get; }

    /// <summary>How many samples are right.</summary>
    public double Right { get; }

    /// <summary>The loss of each sample, in the split's order.</summary>
    public IReadOnlyList<float> Losses { get; }

    /// <summary>Their mean.</summary>
    public double Loss { get; }

    /// <summary>The share of samples that are right.</summary>
    public double Accuracy => Right / Losses.Count;
}
