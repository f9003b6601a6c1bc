namespace DasSearch.Core;

/// <summary>A module of a backbone that can be skipped, and what it costs.</summary>
public sealed record ModuleInfo
{
    /// <summary>Describes a module.</summary>
    /// <param name="index">Its place in the backbone's order of computation, from 0.</param>
    /// <param name="name">Its name in the checkpoint, such as <c>transformer.blocks.3</c>.</param>
    /// <param name="kind">What part of a layer it is.</param>
    /// <param name="stream">The stream it works on, such as <c>fused</c>, <c>text</c> or <c>image</c>.</param>
    /// <param name="parameters">Its parameters, at least 0.</param>
    /// <param name="multiplyAccumulates">Multiply-accumulates for one sample, at least 0.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or <paramref name="kind"/> is no kind.</exception>
    public ModuleInfo(int index, string name, ModuleKind kind, string stream, long parameters, long multiplyAccumulates)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(multiplyAccumulates);
        _ = EnumNames.NameOf(kind);
        Index = index;
        Name = name;
        Kind = kind;
        Stream = stream;
        Parameters = parameters;
        MultiplyAccumulates = multiplyAccumulates;
    }

    /// <summary>Its place in the backbone's order of computation, from 0.</summary>
    public int Index { get; }

    /// <summary>Its name in the checkpoint.</summary>
    public string Name { get; }

    /// <summary>What part of a layer it is.</summary>
    public ModuleKind Kind { get; }

    /// <summary>Its name and kind.</summary>
    public ModulePart Part => new(Name, Kind);

    /// <summary>The stream it works on.</summary>
    public string Stream { get; }

    /// <summary>Its parameters.</summary>
    public long Parameters { get; }

    /// <summary>Multiply-accumulates for one sample; a multiplication with its addition counts once.</summary>
    public long MultiplyAccumulates { get; }
}
