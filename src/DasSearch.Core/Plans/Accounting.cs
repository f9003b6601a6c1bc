namespace DasSearch.Core.Plans;

/// <summary>What a plan costs and saves.</summary>
public sealed record Accounting
{
    /// <summary>Counts of a plan.</summary>
    /// <param name="totalParameters">All parameters of the planned network, at least 0.</param>
    /// <param name="trainableParameters">Those that are trained, from 0 to the total.</param>
    /// <param name="fullMultiplyAccumulates">Multiply-accumulates of the untouched backbone for one sample, at least 0.</param>
    /// <param name="planMultiplyAccumulates">The same of the planned network, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Accounting(
        long totalParameters, long trainableParameters, long fullMultiplyAccumulates, long planMultiplyAccumulates)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalParameters);
        ArgumentOutOfRangeException.ThrowIfNegative(trainableParameters);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trainableParameters, totalParameters);
        ArgumentOutOfRangeException.ThrowIfNegative(fullMultiplyAccumulates);
        ArgumentOutOfRangeException.ThrowIfNegative(planMultiplyAccumulates);
        TotalParameters = totalParameters;
        TrainableParameters = trainableParameters;
        FullMultiplyAccumulates = fullMultiplyAccumulates;
        PlanMultiplyAccumulates = planMultiplyAccumulates;
    }

    /// <summary>All parameters of the planned network.</summary>
    public long TotalParameters { get; }

    /// <summary>Those that are trained.</summary>
    public long TrainableParameters { get; }

    /// <summary>Trained parameters in percent of all, 0 without any.</summary>
    public double TrainablePercent => Percent(TrainableParameters, TotalParameters);

    /// <summary>Multiply-accumulates of the untouched backbone for one sample.</summary>
    public long FullMultiplyAccumulates { get; }

    /// <summary>Multiply-accumulates of the planned network for one sample.</summary>
    public long PlanMultiplyAccumulates { get; }

    /// <summary>The change of multiply-accumulates in percent, negative where they are saved.</summary>
    public double ChangePercent => Percent(PlanMultiplyAccumulates - FullMultiplyAccumulates, FullMultiplyAccumulates);

    private static double Percent(long part, long whole) => whole == 0 ? 0 : 100.0 * part / whole;
}
