namespace DasSearch.Core.Plans;

/// <summary>One adapter of a plan: where it stands and what it is.</summary>
public sealed record AdapterPlacement
{
    /// <summary>Places an adapter.</summary>
    /// <param name="module">The module's name in the checkpoint.</param>
    /// <param name="placement">How it stands to the module.</param>
    /// <param name="site">Which part of the module, such as <c>module</c>, <c>attention</c> or <c>feed-forward</c>.</param>
    /// <param name="type">What adapter, such as <c>das</c>.</param>
    /// <param name="bottleneck">Its inner width, at least 1.</param>
    /// <param name="activation">Its non-linearity, such as <c>relu</c>, or <c>none</c>.</param>
    /// <param name="normalisation">What its input passes first, such as <c>layer-norm</c>, or <c>none</c>.</param>
    /// <param name="scale">What its output is multiplied by; finite.</param>
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

        Module = module;
        Placement = placement;
        Site = site;
        Type = type;
        Bottleneck = bottleneck;
        Activation = activation;
        Normalisation = normalisation;
        Scale = scale;
    }

    /// <summary>The same adapter with another inner width.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    public AdapterPlacement WithBottleneck(int bottleneck) => new(Module, Placement, Site, Type, bottleneck, Activation, Normalisation, Scale);

    /// <summary>The module's name in the checkpoint.</summary>
    public string Module { get; }

    /// <summary>How it stands to the module.</summary>
    public Placement Placement { get; }

    /// <summary>Which part of the module.</summary>
    public string Site { get; }

    /// <summary>What adapter.</summary>
    public string Type { get; }

    /// <summary>Its inner width.</summary>
    public int Bottleneck { get; }

    /// <summary>Its non-linearity.</summary>
    public string Activation { get; }

    /// <summary>What its input passes first.</summary>
    public string Normalisation { get; }

    /// <summary>What its output is multiplied by.</summary>
    public double Scale { get; }
}
