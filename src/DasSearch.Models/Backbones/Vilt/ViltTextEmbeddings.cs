using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>BERT's embeddings: word + position + segment, normalised; from the first two of them, [batch, tokens, width] each way.</summary>
internal sealed class ViltTextEmbeddings : nn.Module<Tensor, Tensor>
{
    private const double Eps = 1e-12;

    private readonly Embedding word_embeddings;
    private readonly Embedding position_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout _dropout;
    private readonly int _length;

    internal ViltTextEmbeddings(ViltConfig config, Device device)
        : base(nameof(ViltTextEmbeddings))
    {
        _length = config.TextLength;
        word_embeddings = nn.Embedding(config.Vocabulary, config.Width, device: device);
        position_embeddings = nn.Embedding(config.TextLength, config.Width, device: device);
        token_type_embeddings = nn.Embedding(2, config.Width, device: device);
        LayerNorm = nn.LayerNorm(config.Width, Eps, device: device);
        _dropout = nn.Dropout(config.Dropout);
        RegisterComponents();
    }

    /// <summary>Words at their positions: [batch, tokens] to [batch, tokens, width].</summary>
    /// <exception cref="ArgumentException">The text is longer than the position table.</exception>
    internal Tensor Words(Tensor ids)
    {
        if (ids.size(1) > _length)
        {
            throw new ArgumentException($"Texts have at most {_length} tokens, got {ids.size(1)}.", nameof(ids));
        }

        using var scope = NewDisposeScope();
        var positions = arange(ids.size(1), device: ids.device);
        return (word_embeddings.call(ids) + position_embeddings.call(positions)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var segments = zeros(input.size(0), input.size(1), ScalarType.Int64, input.device);
        return _dropout.call(LayerNorm.call(input + token_type_embeddings.call(segments))).MoveToOuterDisposeScope();
    }
}
