using DasSearch.Core.Configuration;

namespace DasSearch.Core.Plans;

/// <summary>Where DAS (arXiv:2309.01479) puts its adapters, as in its code for ViLT.</summary>
/// <remarks>
/// One in place of each skipped module; in a kept one, one beside its attention and one beside its feed-forward part, as far as
/// it has them: a whole layer has both.
/// Nothing here needs tensors, so that a plan can be made wherever its evidence is.
/// </remarks>
public static class DasPlacement
{
    /// <summary>The adapters' type, as plans name it.</summary>
    public const string Type = "das";

    /// <summary>The site of an adapter in place of a module.</summary>
    public const string Module = "module";

    /// <summary>The site of an adapter beside attention.</summary>
    public const string Attention = "attention";

    /// <summary>The site of an adapter beside the feed-forward part.</summary>
    public const string FeedForward = "feed-forward";

    /// <summary>The adapters of a planned network.</summary>
    /// <param name="modules">The backbone's modules, in order.</param>
    /// <param name="skipped">Which are skipped.</param>
    /// <param name="config">The adapters' sizes.</param>
    /// <exception cref="ArgumentException">The subnetwork is of another number of modules.</exception>
    public static IReadOnlyList<AdapterPlacement> Of(IReadOnlyList<ModulePart> modules, Subnetwork skipped, AdapterConfig config)
    {
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(config);
        if (skipped.Modules != modules.Count)
        {
            throw new ArgumentException($"The subnetwork is one of {skipped.Modules} modules, not of {modules.Count}.", nameof(skipped));
        }

        return [.. modules.SelectMany((module, index) => skipped.Contains(index) ? InPlaceOf(module, config) : Within(module, config))];
    }

    /// <summary>The adapters of a supernet: those of every module skipped, and those of every module kept.</summary>
    /// <param name="modules">The backbone's modules, in order.</param>
    /// <param name="config">The adapters' sizes.</param>
    public static IReadOnlyList<AdapterPlacement> OfSupernet(IReadOnlyList<ModulePart> modules, AdapterConfig config)
    {
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(config);
        return [.. modules.SelectMany(module => InPlaceOf(module, config).Concat(Within(module, config)))];
    }

    private static IEnumerable<AdapterPlacement> InPlaceOf(ModulePart module, AdapterConfig config) =>
        [Make(module.Name, Placement.Replace, Module, config.SkipBottleneck, config)];

    private static IEnumerable<AdapterPlacement> Within(ModulePart module, AdapterConfig config)
    {
        if (module.Kind != ModuleKind.FeedForward)
        {
            yield return Make(module.Name, Placement.Parallel, Attention, config.ParallelBottleneck, config);
        }

        if (module.Kind != ModuleKind.Attention)
        {
            yield return Make(module.Name, Placement.Parallel, FeedForward, config.ParallelBottleneck, config);
        }
    }

    private static AdapterPlacement Make(string module, Placement placement, string site, int bottleneck, AdapterConfig config) =>
        new(module, placement, site, Type, bottleneck, "relu", "layer-norm", config.Scale);
}
