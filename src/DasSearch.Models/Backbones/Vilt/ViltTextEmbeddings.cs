using DasSearch.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>BERT's embeddings: word + position + segment, normalised; [batch, tokens] to [batch, tokens, width].</summary>
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
        LayerNorm = new LayerNorm(config.Width, Eps, device);
        _dropout = nn.Dropout(config.Dropout);
        RegisterComponents();
    }

    /// <exception cref="ArgumentException">The text is longer than the position table.</exception>
    public override Tensor forward(Tensor input)
    {
        if (input.size(1) > _length)
        {
            throw new ArgumentException($"Texts have at most {_length} tokens, got {input.size(1)}.", nameof(input));
        }

        using var scope = NewDisposeScope();
        var positions = arange(input.size(1), device: input.device);
        var segments = zeros_like(input);
        var sum = word_embeddings.call(input) + position_embeddings.call(positions) + token_type_embeddings.call(segments);
        return _dropout.call(LayerNorm.call(sum)).MoveToOuterDisposeScope();
    }
}
