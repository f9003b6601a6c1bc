using DasSearch.Core.Configuration;

namespace DasSearch.Core.Plans;

/// <summary>One adapter of a plan: where it stands and what it is.</summary>
public sealed record AdapterPlacement
{
    /// <exception cref="ArgumentException">A text is empty or a number out of its range.</exception>
    public AdapterPlacement(
        string module,
        Placement placement,
        string site,
        string type,
        int bottleneck,
        string activation,
        string normalisation,
        double scale)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(module);
        _ = EnumNames.NameOf(placement);
        ArgumentException.ThrowIfNullOrWhiteSpace(site);
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        ArgumentOutOfRangeException.ThrowIfLessThan(bottleneck, 1);
        ArgumentException.ThrowIfNullOrWhiteSpace(activation);
        ArgumentException.ThrowIfNullOrWhiteSpace(normalisation);
        if (!double.IsFinite(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale is finite.");
        }

        (Module, Placement, Site, Type) = (module, placement, site, type);
        (Bottleneck, Activation, Normalisation, Scale) = (bottleneck, activation, normalisation, scale);
    }

    /// <summary>The same adapter with another inner width.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    public AdapterPlacement WithBottleneck(int bottleneck) => new(Module, Placement, Site, Type, bottleneck, Activation, Normalisation, Scale);

    /// <summary>The module's name in the checkpoint.</summary>
    public string Module { get; }

    public Placement Placement { get; }

    /// <summary>Which part of the module, such as <c>module</c>, <c>attention</c> or <c>feed-forward</c>.</summary>
    public string Site { get; }

    /// <summary>What adapter, such as <c>das</c>.</summary>
    public string Type { get; }

    /// <summary>Its inner width.</summary>
    public int Bottleneck { get; }

    /// <summary>Its non-linearity, such as <c>relu</c>, or <c>none</c>.</summary>
    public string Activation { get; }

    /// <summary>What its input passes first, such as <c>layer-norm</c>, or <c>none</c>.</summary>
    public string Normalisation { get; }

    /// <summary>What its output is multiplied by.</summary>
    public double Scale { get; }
}

/// <summary>How an adapter stands to the module that it is attached to.</summary>
public enum Placement
{
    /// <summary>In place of it: the module is skipped.</summary>
    Replace,

    /// <summary>Beside it or a part of it: its output is added.</summary>
    Parallel,

    /// <summary>On its output or that of a part of it.</summary>
    Sequential,
}

/// <summary>The parts of a module that adapters stand at, as plans name them.</summary>
public static class Site
{
    /// <summary>The whole module, which is replaced, or before which tokens are added.</summary>
    public const string Module = "module";

    public const string Attention = "attention";

    /// <summary>Attention to another stream.</summary>
    public const string CrossAttention = "cross-attention";

    public const string FeedForward = "feed-forward";

    /// <summary>The site of a sub-layer.</summary>
    public static string Of(ModuleKind kind) => EnumNames.NameOf(kind);

    /// <summary>The sub-layers that a module has, in order of computation: a layer has them all.</summary>
    public static IReadOnlyList<string> Within(ModulePart module) => module.Kind switch
    {
        ModuleKind.Whole => [Attention, FeedForward],
        ModuleKind.CrossLayer => [Attention, CrossAttention, FeedForward],
        _ => [Of(module.Kind)],
    };

    /// <summary>Those of them that attend.</summary>
    public static IEnumerable<string> Attentions(ModulePart module) => Within(module).Where(static site => site != FeedForward);
}

/// <summary>Where DAS (arXiv:2309.01479) puts its adapters, as in its code for ViLT.</summary>
/// <remarks>
/// One in place of each skipped module; in a kept one, one beside its attention and one beside its feed-forward part, as far as
/// it has them. Nothing here needs tensors, so that a plan can be made wherever its evidence is.
/// </remarks>
public static class DasPlacement
{
    /// <summary>The adapters' type, as plans name it.</summary>
    public const string Type = "das";

    /// <summary>The adapters of a planned network.</summary>
    /// <param name="modules">The backbone's modules, in order.</param>
    /// <exception cref="ArgumentException">The subnetwork is of another number of modules.</exception>
    public static IReadOnlyList<AdapterPlacement> Of(IReadOnlyList<ModulePart> modules, Subnetwork skipped, AdapterConfig config)
    {
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(skipped);
        if (skipped.Modules != modules.Count)
        {
            throw new ArgumentException($"The subnetwork is one of {skipped.Modules} modules, not of {modules.Count}.", nameof(skipped));
        }

        return [.. modules.SelectMany((module, index) => skipped.Contains(index) ? InPlaceOf(module, config) : Within(module, config))];
    }

    /// <summary>The one in place of a skipped module.</summary>
    public static IEnumerable<AdapterPlacement> InPlaceOf(ModulePart module, AdapterConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return [Make(module.Name, Placement.Replace, Site.Module, WidthInPlace(config), config)];
    }

    /// <summary>The width of what stands in place of a skipped module; of the code for ViLT where neither settings nor backbone say.</summary>
    public static int WidthInPlace(AdapterConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.SkipBottleneck ?? 192;
    }

    /// <summary>The width of what is beside the parts of a kept module; likewise.</summary>
    public static int WidthBeside(AdapterConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.ParallelBottleneck ?? 96;
    }

    /// <summary>Those beside the parts of a kept one.</summary>
    public static IEnumerable<AdapterPlacement> Within(ModulePart module, AdapterConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Site.Within(module).Select(site => Make(module.Name, Placement.Parallel, site, WidthBeside(config), config));
    }

    private static AdapterPlacement Make(string module, Placement placement, string site, int bottleneck, AdapterConfig config) =>
        new(module, placement, site, Type, bottleneck, "relu", "layer-norm", config.Scale);
}
