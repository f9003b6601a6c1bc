namespace DasSearch.Models.Backbones.Vilt;

/// <summary>The sizes of a ViLT (Kim et al., arXiv:2102.03334); the defaults are those of ViLT-B/32.</summary>
public sealed record ViltConfig
{
    /// <summary>Words of the tokenizer.</summary>
    public int Vocabulary { get; init; } = 30_522;

    /// <summary>Tokens of a text, padding included.</summary>
    public int TextLength { get; init; } = 40;

    /// <summary>Width of a token's vector.</summary>
    public int Width { get; init; } = 768;

    /// <summary>Number of blocks, each one a module that can be skipped.</summary>
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

    /// <summary>Says what is wrong with the sizes, if anything is.</summary>
    /// <exception cref="ArgumentException">A size is not positive, or the heads do not divide the width.</exception>
    public void Validate()
    {
        Positive(Vocabulary, nameof(Vocabulary));
        Positive(TextLength, nameof(TextLength));
        Positive(Width, nameof(Width));
        Positive(Layers, nameof(Layers));
        Positive(Heads, nameof(Heads));
        Positive(FeedForwardRatio, nameof(FeedForwardRatio));
        Positive(PatchSize, nameof(PatchSize));
        Positive(PositionGrid, nameof(PositionGrid));
        Positive(ImagesPerSample, nameof(ImagesPerSample));
        if (Width % Heads != 0)
        {
            throw new ArgumentException($"{nameof(Heads)} must divide {nameof(Width)} = {Width}, got {Heads}.");
        }

        if (Dropout is < 0 or >= 1)
        {
            throw new ArgumentException($"{nameof(Dropout)} must be at least 0 and below 1, got {Dropout}.");
        }
    }

    private static void Positive(int value, string name)
    {
        if (value <= 0)
        {
            throw new ArgumentException($"{name} must be positive, got {value}.");
        }
    }
}
