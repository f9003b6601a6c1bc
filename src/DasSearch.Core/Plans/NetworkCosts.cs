namespace DasSearch.Core.Plans;

/// <summary>What a backbone costs with its adapters and head, whichever modules are skipped.</summary>
/// <remarks>As the papers count multiply-accumulates, those of heads are left out; parameters are all counted.</remarks>
public sealed record NetworkCosts
{
    /// <summary>Keeps the costs.</summary>
    /// <param name="modules">Each module with its adapters, in order; the index of each is its place, and no two have one name.</param>
    /// <param name="outsideParameters">Parameters outside the modules (embeddings, norms, poolers, head), at least 0.</param>
    /// <param name="outsideTrained">Those of them that are trained, from 0 to all.</param>
    /// <param name="outsideMultiplyAccumulates">Multiply-accumulates outside the modules for one sample, at least 0.</param>
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

        Modules = [.. modules];
        OutsideParameters = outsideParameters;
        OutsideTrained = outsideTrained;
        OutsideMultiplyAccumulates = outsideMultiplyAccumulates;
    }

    /// <summary>Each module with its adapters, in order.</summary>
    public IReadOnlyList<ModuleCosts> Modules { get; }

    /// <summary>What a module is: a whole layer, or a part of one.</summary>
    public Granularity Granularity => Modules.All(static costs => costs.Module.Kind == ModuleKind.Whole) ? Granularity.Layers : Granularity.SubLayers;

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
