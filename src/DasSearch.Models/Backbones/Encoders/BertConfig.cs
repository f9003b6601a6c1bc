using DasSearch.Core;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>The sizes of a BERT (Devlin et al., arXiv:1810.04805); the defaults are those of bert-base-uncased.</summary>
public sealed record BertConfig : ITextEncoderKind
{
    internal const string Words = "embeddings.word_embeddings.weight";
    internal const string PositionTable = "embeddings.position_embeddings.weight";
    internal const string SegmentTable = "embeddings.token_type_embeddings.weight";
    internal const string EmbeddingNorm = "embeddings.LayerNorm";
    internal const string Layer = "encoder.layer.";
    internal const string Pooler = "pooler.dense";

    private static readonly ModuleKind[] _parts = [ModuleKind.Attention, ModuleKind.FeedForward];

    /// <summary>RoBERTa-base (Liu et al., arXiv:1907.11692): one segment, and positions that begin behind those of padding.</summary>
    public static BertConfig RobertaBase { get; } = new()
    {
        Name = "roberta", Vocabulary = 50_265, Positions = 514, Segments = 1, FirstPosition = 2, Eps = 1e-5,
    };

    /// <summary>all-MiniLM-L6-v2 (Wang et al., arXiv:2002.10957; tuned on sentence pairs).</summary>
    /// <remarks>
    /// As an encoder of sentences it gives a token much the same vector wherever it stands: cosines of two "a" or "top" in a caption are 0.96 to 0.98.
    /// </remarks>
    public static BertConfig MiniLm { get; } = new() { Name = "minilm", Width = 384, Layers = 6, InnerWidth = 1536, TellsPositions = false, Scale = 0.37 };

    /// <inheritdoc/>
    public string Name { get; init; } = "bert";

    /// <inheritdoc/>
    public int Vocabulary { get; init; } = 30_522;

    /// <summary>Rows of the position table.</summary>
    public int Positions { get; init; } = 512;

    /// <summary>Rows of the segment table, of which the first is added to every token.</summary>
    public int Segments { get; init; } = 2;

    /// <summary>The row of the first token's position; above 0, padding has the row before it.</summary>
    public int FirstPosition { get; init; }

    /// <inheritdoc/>
    public int Width { get; init; } = 768;

    public int Layers { get; init; } = 12;

    /// <summary>Attention heads; a divisor of the width.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward part.</summary>
    public int InnerWidth { get; init; } = 3072;

    /// <summary>What norms add to the variance.</summary>
    public double Eps { get; init; } = 1e-12;

    /// <summary>Probability of dropout where the network is trained; a frozen encoder has none.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <inheritdoc/>
    public int Length => Positions - FirstPosition;

    /// <inheritdoc/>
    public bool TellsPositions { get; init; } = true;

    /// <inheritdoc/>
    public double? Scale { get; init; }

    /// <inheritdoc/>
    /// <remarks>With the pooler that checkpoints have, and that an encoder never runs, so that a checkpoint comes out as it went in.</remarks>
    public IEnumerable<ParameterShape> Parameters =>
    [
        .. EmbeddingParameters(),
        .. Enumerable.Range(0, Layers).SelectMany(i => _parts.SelectMany(part => LayerParameters($"{Layer}{i}", part))),
        .. LowRank.Shapes(Pooler, Width, Width, rank: null),
    ];

    internal BertSizes Sizes => new(Width, Heads, InnerWidth, Eps, Dropout);

    /// <summary>A layer's parameters, or those of one of its parts.</summary>
    internal IEnumerable<ParameterShape> LayerParameters(string name, ModuleKind part) => BertShapes.Projections(Sizes, name, part, module: null, tokens: 0, asked: 0)
        .SelectMany(static place => place.Role == ProjectionRole.Norm
            ? [new ParameterShape(place.Name + ".weight", [place.Out]), new ParameterShape(place.Name + ".bias", [place.Out])]
            : LowRank.Shapes(place.Name, place.In, place.Out, rank: null));

    /// <summary>The embeddings' parameters.</summary>
    internal IEnumerable<ParameterShape> EmbeddingParameters() =>
    [
        new(Words, [Vocabulary, Width]),
        new(PositionTable, [Positions, Width]),
        new(SegmentTable, [Segments, Width]),
        new(EmbeddingNorm + ".weight", [Width]),
        new(EmbeddingNorm + ".bias", [Width]),
    ];

    /// <inheritdoc/>
    public long MultiplyAccumulates(int tokens) => Layers * _parts.Sum(part => BertShapes.MultiplyAccumulates(Sizes, part, tokens, tokens));

    /// <inheritdoc/>
    public ITextEncoder Create(Device device) => new BertEncoder(this, device);
}
