using System.Collections.Frozen;

namespace DasSearch.Models.Backbones;

/// <summary>The sizes of a ViLT (Kim et al., arXiv:2102.03334); the defaults are those of ViLT-B/32.</summary>
public sealed record ViltConfig
{
    public int Vocabulary { get; init; } = 30_522;

    /// <summary>Tokens of a text, padding included.</summary>
    public int TextLength { get; init; } = 40;

    /// <summary>Width of a token's vector.</summary>
    public int Width { get; init; } = 768;

    public int Layers { get; init; } = 12;

    /// <summary>Attention heads; a divisor of the width.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward part, in widths of a token.</summary>
    public int FeedForwardRatio { get; init; } = 4;

    /// <summary>Side of a patch, in pixels.</summary>
    public int PatchSize { get; init; } = 32;

    /// <summary>Rows and columns of the position table, which is resized to the image's patches.</summary>
    public int PositionGrid { get; init; } = 12;

    /// <summary>Images that a sample can have: 1, or 2 for NLVR2, whose second one has a modality row of its own.</summary>
    public int ImagesPerSample { get; init; } = 1;

    /// <summary>Probability of dropout after embeddings, projections and feed-forward; attention itself has none.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The ranks of Linears of blocks that are two of a low rank each, by name, such as <c>transformer.blocks.3.attn.qkv</c>.</summary>
    public IReadOnlyDictionary<string, int> Ranks { get; init; } = FrozenDictionary<string, int>.Empty;

    internal PreNormSizes Block => new(Width, Heads, FeedForwardRatio * Width, Dropout, Ranks);

    /// <summary>Says what is wrong with the sizes, if anything is.</summary>
    /// <exception cref="ArgumentException">A size is not positive, or the heads do not divide the width.</exception>
    public void Validate()
    {
        (string Name, int Value)[] sizes =
        [
            (nameof(Vocabulary), Vocabulary), (nameof(TextLength), TextLength), (nameof(Width), Width), (nameof(Layers), Layers),
            (nameof(Heads), Heads), (nameof(FeedForwardRatio), FeedForwardRatio), (nameof(PatchSize), PatchSize),
            (nameof(PositionGrid), PositionGrid), (nameof(ImagesPerSample), ImagesPerSample),
        ];
        foreach (var (name, value) in sizes.Where(static size => size.Value <= 0))
        {
            throw new ArgumentException($"{name} must be positive, got {value}.");
        }

        if (Width % Heads != 0)
        {
            throw new ArgumentException($"{nameof(Heads)} must divide {nameof(Width)} = {Width}, got {Heads}.");
        }

        if (Dropout is < 0 or >= 1)
        {
            throw new ArgumentException($"{nameof(Dropout)} must be at least 0 and below 1, got {Dropout}.");
        }
    }
}
