using System.Globalization;
using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

// BERT: Devlin et al., arXiv:1810.04805, and RoBERTa, arXiv:1907.11692. Layers are in a file of their own; fields are named as in Hugging Face's
// checkpoints.

/// <summary>Word + position + segment, normalised.</summary>
internal sealed class BertEmbeddings : nn.Module
{
    private readonly Embedding word_embeddings, position_embeddings, token_type_embeddings;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout _dropout;
    private readonly int _first, _most;

    internal BertEmbeddings(BertConfig config, Device device)
        : base(nameof(BertEmbeddings))
    {
        (_first, _most) = (config.FirstPosition, config.Length);
        word_embeddings = nn.Embedding(config.Vocabulary, config.Width, device: device);
        position_embeddings = nn.Embedding(config.Positions, config.Width, device: device);
        token_type_embeddings = nn.Embedding(config.Segments, config.Width, device: device);
        LayerNorm = nn.LayerNorm(config.Width, config.Eps, device: device);
        _dropout = new Dropout(config.Dropout);
        RegisterComponents();
    }

    /// <summary>Words at their positions, of the first segment: [batch, tokens] to [batch, tokens, width].</summary>
    /// <exception cref="ArgumentException">The text is longer than the position table.</exception>
    internal Tensor Sum(Tensor ids, Tensor mask)
    {
        if (ids.size(1) > _most)
        {
            throw new ArgumentException($"Texts have at most {_most} tokens, got {ids.size(1)}.", nameof(ids));
        }

        using var scope = NewDisposeScope();
        var segment = token_type_embeddings.weight!.narrow(0, 0, 1); // [1, width], broadcast
        return (word_embeddings.call(ids) + segment + position_embeddings.call(Positions(ids, mask))).MoveToOuterDisposeScope();
    }

    internal Tensor Complete(Tensor sum, Attachments attached)
    {
        using var scope = NewDisposeScope();
        return _dropout.call(attached.Project(BertConfig.EmbeddingNorm, LayerNorm.call, sum)).MoveToOuterDisposeScope();
    }

    // RoBERTa counts the tokens that are there, and padding has the row before the first one's.
    private Tensor Positions(Tensor ids, Tensor mask) => _first == 0
        ? arange(ids.size(1), device: ids.device)
        : (mask.to(ScalarType.Int64).cumsum(1) * mask) + (_first - 1);
}

/// <summary>The layers, or those of them that are ever run.</summary>
internal sealed class BertLayers : nn.Module
{
    private readonly ModuleDict<BertLayer> layer;

    /// <param name="built">The layers by number, each with those of its parts that are ever run.</param>
    internal BertLayers(BertConfig config, IEnumerable<IGrouping<int, ModuleKind>> built, Device device)
        : base(nameof(BertLayers))
    {
        layer = nn.ModuleDict(built.Select(parts => (
            parts.Key.ToString(CultureInfo.InvariantCulture),
            new BertLayer(config.Sizes, $"{BertConfig.Layer}{parts.Key}", [.. parts], [], device))).ToArray());
        RegisterComponents();
    }

    /// <exception cref="ArgumentException">It was not built.</exception>
    internal BertLayer this[int number] => layer.TryGetValue(number.ToString(CultureInfo.InvariantCulture), out var built) ? built : throw BertLayer.NotBuilt();
}

/// <summary>A frozen BERT or RoBERTa; its pooler is never run.</summary>
internal sealed class BertEncoder : nn.Module, ITextEncoder
{
    private static readonly ModuleKind[] _parts = [ModuleKind.Attention, ModuleKind.FeedForward];

    private readonly BertEmbeddings embeddings;
    private readonly BertLayers encoder;
    private readonly Sequential pooler;
    private readonly BertConfig _config;

    /// <summary>One with fresh weights, to be overwritten by a checkpoint's.</summary>
    internal BertEncoder(BertConfig config, Device device)
        : base(nameof(BertEncoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config with { Dropout = 0 };
        embeddings = new BertEmbeddings(_config, device);
        var parts = Enumerable.Range(0, config.Layers).SelectMany(static i => _parts.Select(part => (Layer: i, Part: part)));
        encoder = new BertLayers(_config, parts.GroupBy(static part => part.Layer, static part => part.Part), device);
        pooler = nn.Sequential(("dense", nn.Linear(config.Width, config.Width, device: device)));
        RegisterComponents();
        foreach (var parameter in parameters())
        {
            parameter.requires_grad = false;
        }
    }

    /// <inheritdoc/>
    public int Width => _config.Width;

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The texts are longer than the position table.</exception>
    public Tensor Encode(Tensor ids, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(mask);
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var x = Embed(ids, mask);
        var bias = Layers.KeyBias(mask, x.dtype);
        for (var i = 0; i < _config.Layers; i++)
        {
            foreach (var part in _parts)
            {
                x = encoder[i].Run(part, x, x, bias, Attachments.None);
            }
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The texts are longer than the position table.</exception>
    public Tensor Embed(Tensor ids, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(mask);
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        return embeddings.Complete(embeddings.Sum(ids, mask), Attachments.None).MoveToOuterDisposeScope();
    }
}
