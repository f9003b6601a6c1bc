namespace DasSearch.Core;

/// <summary>A module of a backbone that can be skipped, and what it costs.</summary>
public sealed record ModuleInfo
{
    /// <exception cref="ArgumentException">A name is empty, a number negative, or <paramref name="kind"/> is no kind.</exception>
    public ModuleInfo(int index, string name, ModuleKind kind, string stream, long parameters, long multiplyAccumulates)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(multiplyAccumulates);
        _ = EnumNames.NameOf(kind);
        (Index, Name, Kind, Stream, Parameters, MultiplyAccumulates) = (index, name, kind, stream, parameters, multiplyAccumulates);
    }

    /// <summary>Its place in the backbone's order of computation, from 0.</summary>
    public int Index { get; }

    /// <summary>Its name in the checkpoint, such as <c>transformer.blocks.3</c>.</summary>
    public string Name { get; }

    public ModuleKind Kind { get; }

    public ModulePart Part => new(Name, Kind) { Stream = Stream };

    /// <summary>The stream it works on, such as <c>fused</c>, <c>text</c> or <c>image</c>.</summary>
    public string Stream { get; }

    public long Parameters { get; }

    /// <summary>Multiply-accumulates for one sample; a multiplication with its addition counts once.</summary>
    public long MultiplyAccumulates { get; }
}

/// <summary>A module by its name, with what part of a layer it is: as much as has to be known to place adapters.</summary>
/// <param name="Name">Its name in the checkpoint, such as <c>transformer.blocks.3</c>.</param>
/// <param name="Kind">What part of a layer it is.</param>
public readonly record struct ModulePart(string Name, ModuleKind Kind)
{
    /// <summary>The stream it works on; null where that is not known.</summary>
    public string? Stream { get; init; }
}

/// <summary>What kinds of modules have in common.</summary>
public static class ModuleKinds
{
    /// <summary>Whether it is a layer, and no part of one.</summary>
    public static bool IsLayer(this ModuleKind kind) => kind is ModuleKind.Whole or ModuleKind.CrossLayer;
}

/// <summary>What part of a layer a skippable module is.</summary>
public enum ModuleKind
{
    /// <summary>The whole layer.</summary>
    Whole,

    /// <summary>Its attention alone.</summary>
    Attention,

    /// <summary>Its feed-forward part alone.</summary>
    FeedForward,

    /// <summary>The whole layer, one that also attends to another stream, as METER's do.</summary>
    CrossLayer,

    /// <summary>Its attention to another stream alone.</summary>
    CrossAttention,
}

/// <summary>How finely a backbone is cut into the modules that can be skipped.</summary>
public enum Granularity
{
    /// <summary>A module is a whole layer, as in DAS (arXiv:2309.01479).</summary>
    Layers,

    /// <summary>A layer's attention and its feed-forward part are modules of their own, as in DAS's successor EAS, which skips attention alone.</summary>
    SubLayers,
}
