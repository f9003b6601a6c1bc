namespace DasSearch.Core.Plans;

/// <summary>What a backbone costs with its adapters and head, whichever modules are skipped.</summary>
/// <remarks>As the papers count multiply-accumulates, those of heads are left out; parameters are all counted.</remarks>
public sealed record NetworkCosts
{
    /// <exception cref="ArgumentException">Modules are out of order, two have one name, or a number is out of its range.</exception>
    public NetworkCosts(IReadOnlyList<ModuleCosts> modules, long outsideParameters, long outsideTrained, long outsideMultiplyAccumulates)
    {
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentOutOfRangeException.ThrowIfNegative(outsideParameters);
        ArgumentOutOfRangeException.ThrowIfNegative(outsideTrained);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outsideTrained, outsideParameters);
        ArgumentOutOfRangeException.ThrowIfNegative(outsideMultiplyAccumulates);
        for (var i = 0; i < modules.Count; i++)
        {
            if (modules[i].Module.Index != i)
            {
                throw new ArgumentException($"Module {modules[i].Module.Name} has index {modules[i].Module.Index} at place {i}.", nameof(modules));
            }
        }

        if (modules.GroupBy(costs => costs.Module.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two modules have the name {twice.Key}.", nameof(modules));
        }

        (Modules, OutsideParameters, OutsideTrained, OutsideMultiplyAccumulates) =
            ([.. modules], outsideParameters, outsideTrained, outsideMultiplyAccumulates);
    }

    /// <summary>Each module with its adapters, in order.</summary>
    public IReadOnlyList<ModuleCosts> Modules { get; }

    /// <summary>What a module is: a whole layer, or a part of one.</summary>
    public Granularity Granularity => Modules.All(static costs => costs.Module.Kind.IsLayer()) ? Granularity.Layers : Granularity.SubLayers;

    /// <summary>Parameters outside the modules: embeddings, norms, poolers, head.</summary>
    public long OutsideParameters { get; }

    /// <summary>Those of them that are trained.</summary>
    public long OutsideTrained { get; }

    /// <summary>Multiply-accumulates outside the modules for one sample.</summary>
    public long OutsideMultiplyAccumulates { get; }

    /// <summary>The account of a planned network, whose skipped modules are gone.</summary>
    /// <exception cref="ArgumentException">The subnetwork is of another number of modules.</exception>
    public Accounting Of(Subnetwork skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        if (skipped.Modules != Modules.Count)
        {
            throw new ArgumentException($"The subnetwork is one of {skipped.Modules} modules, the backbone has {Modules.Count}.", nameof(skipped));
        }

        var (total, trained) = (OutsideParameters, OutsideTrained);
        var (full, plan) = (OutsideMultiplyAccumulates, OutsideMultiplyAccumulates);
        foreach (var costs in Modules)
        {
            var isSkipped = skipped.Contains(costs.Module.Index);
            var adapters = isSkipped ? costs.ReplacementParameters : costs.AttachedParameters;
            trained += adapters + (isSkipped ? 0 : costs.TrainedParameters);
            total += adapters + (isSkipped ? 0 : costs.Module.Parameters);
            full += costs.Module.MultiplyAccumulates;
            plan += isSkipped ? costs.ReplacementMultiplyAccumulates : costs.Module.MultiplyAccumulates + costs.AttachedMultiplyAccumulates;
        }

        return new Accounting(total, trained, full, plan);
    }
}

/// <summary>A module with what stands in for it when it is skipped, and what is attached to it when it is kept.</summary>
/// <param name="Module">The module, with its own cost.</param>
/// <param name="ReplacementParameters">Parameters of what stands in for it.</param>
/// <param name="ReplacementMultiplyAccumulates">Multiply-accumulates of that, for one sample.</param>
/// <param name="AttachedParameters">Parameters of what is attached to it.</param>
/// <param name="AttachedMultiplyAccumulates">Multiply-accumulates of that, for one sample.</param>
public sealed record ModuleCosts(
    ModuleInfo Module,
    long ReplacementParameters,
    long ReplacementMultiplyAccumulates,
    long AttachedParameters,
    long AttachedMultiplyAccumulates)
{
    /// <summary>Those of its own parameters that are trained where it is kept.</summary>
    public long TrainedParameters { get; init; }
}

/// <summary>What a plan costs and saves.</summary>
public sealed record Accounting
{
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Accounting(
        long totalParameters, long trainableParameters, long fullMultiplyAccumulates, long planMultiplyAccumulates)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalParameters);
        ArgumentOutOfRangeException.ThrowIfNegative(trainableParameters);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trainableParameters, totalParameters);
        ArgumentOutOfRangeException.ThrowIfNegative(fullMultiplyAccumulates);
        ArgumentOutOfRangeException.ThrowIfNegative(planMultiplyAccumulates);
        (TotalParameters, TrainableParameters) = (totalParameters, trainableParameters);
        (FullMultiplyAccumulates, PlanMultiplyAccumulates) = (fullMultiplyAccumulates, planMultiplyAccumulates);
    }

    /// <summary>All parameters of the planned network.</summary>
    public long TotalParameters { get; }

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
