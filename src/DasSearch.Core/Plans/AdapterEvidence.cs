namespace DasSearch.Core.Plans;

/// <summary>What a search found out about one adapter of its supernet: which of its inner units matter.</summary>
/// <remarks>
/// A unit's saliency is the mean, over batches that use the adapter, of the square of how much the loss would change without
/// the unit, to first order: (Σ w · ∂L/∂w)² over the unit's outgoing weights w, which is the first-order Taylor criterion of
/// Molchanov et al. (Importance Estimation for Neural Network Pruning, CVPR 2019, eq. 8) for the unit.
/// </remarks>
public sealed record AdapterEvidence
{
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public AdapterEvidence(
        int module,
        Placement placement,
        string site,
        long fixedParameters,
        long unitParameters,
        long unitMultiplyAccumulates,
        IReadOnlyList<double> saliency)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(module);
        ArgumentException.ThrowIfNullOrWhiteSpace(site);
        ArgumentOutOfRangeException.ThrowIfNegative(fixedParameters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unitParameters);
        ArgumentOutOfRangeException.ThrowIfNegative(unitMultiplyAccumulates);
        ArgumentNullException.ThrowIfNull(saliency);
        if (saliency.Count == 0 || !saliency.All(value => double.IsFinite(value) && value >= 0))
        {
            throw new ArgumentException("Saliencies are of at least one unit, finite, and at least 0.", nameof(saliency));
        }

        (Module, Placement, Site, FixedParameters) = (module, placement, site, fixedParameters);
        (UnitParameters, UnitMultiplyAccumulates, Saliency) = (unitParameters, unitMultiplyAccumulates, [.. saliency]);
    }

    /// <summary>The module's index, from 0.</summary>
    public int Module { get; }

    public Placement Placement { get; }

    public string Site { get; }

    /// <summary>Parameters that it has whatever its bottleneck: norm and last bias.</summary>
    public long FixedParameters { get; }

    /// <summary>Parameters of each unit: a row, a column and a bias.</summary>
    public long UnitParameters { get; }

    /// <summary>Multiply-accumulates of each unit for one sample.</summary>
    public long UnitMultiplyAccumulates { get; }

    /// <summary>Each unit's saliency, in squares of loss.</summary>
    public IReadOnlyList<double> Saliency { get; }

    /// <summary>Parameters with so many units; none without any.</summary>
    public long Parameters(int units) => units == 0 ? 0 : FixedParameters + (units * UnitParameters);
}
