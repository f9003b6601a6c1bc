using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

// The post-norm layer of BERT (Devlin et al., arXiv:1810.04805), as RoBERTa, MiniLM and METER (arXiv:2111.02387) have it. From the smallest
// part to the whole layer; fields are named as in the official checkpoints.

/// <summary>The sizes of a BERT layer.</summary>
/// <param name="Width">Width of a token's vector.</param>
/// <param name="Heads">Attention heads; a divisor of the width.</param>
/// <param name="InnerWidth">Width of the feed-forward part.</param>
/// <param name="Eps">What norms add to the variance.</param>
/// <param name="Dropout">Probability of dropout, on what sub-layers give and on attention's weights.</param>
internal sealed record BertSizes(int Width, int Heads, int InnerWidth, double Eps, double Dropout);

/// <summary>Queries of one stream to keys and values of the same, or of another.</summary>
internal sealed class BertSelfAttention : nn.Module
{
    private readonly Linear query, key, value;
    private readonly Dropout _dropout;
    private readonly int _heads;
    private readonly string _place, _query, _key, _value;

    internal BertSelfAttention(BertSizes sizes, string place, Device device)
        : base(nameof(BertSelfAttention))
    {
        (_heads, _place, _query, _key, _value) = (sizes.Heads, place, place + ".self.query", place + ".self.key", place + ".self.value");
        query = nn.Linear(sizes.Width, sizes.Width, device: device);
        key = nn.Linear(sizes.Width, sizes.Width, device: device);
        value = nn.Linear(sizes.Width, sizes.Width, device: device);
        _dropout = new Dropout(sizes.Dropout);
        RegisterComponents();
    }

    /// <summary>[batch, queries, width] and [batch, tokens, width] to [batch, queries, width].</summary>
    internal Tensor Attend(Tensor asking, Tensor asked, Tensor keyBias, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var queries = Heads(attached.Project(_query, input => Layers.Apply(query, input), asking));
        var keys = Heads(attached.Project(_key, input => Layers.Apply(key, input), asked));
        var values = Heads(attached.Project(_value, input => Layers.Apply(value, input), asked));
        var seen = attached.Observer is { } observer ? (Action<Tensor>)(weights => observer.Attended(_place, weights)) : null;
        var mixed = Layers.Attend(queries, keys, values, keyBias, seen, training ? _dropout : null); // [batch, heads, queries, width / heads]
        return mixed.transpose(1, 2).flatten(2).MoveToOuterDisposeScope();
    }

    // [batch, tokens, width] to [batch, heads, tokens, width / heads].
    private Tensor Heads(Tensor projected) => projected.unflatten(2, _heads, projected.size(2) / _heads).transpose(1, 2);
}

/// <summary>What ends a sub-layer: a Linear, the residual and a norm.</summary>
internal sealed class BertOutput : nn.Module
{
    private readonly Linear? dense;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout _dropout;
    private readonly string _place, _dense, _norm;

    /// <param name="place">The name of the sub-layer.</param>
    /// <param name="name">Its own.</param>
    /// <param name="width">What the Linear reads; null where there is none, since the sub-layer is skipped and its norm stays.</param>
    internal BertOutput(BertSizes sizes, string place, string name, int? width, Device device)
        : base(nameof(BertOutput))
    {
        (_place, _dense, _norm) = (place, name + ".dense", name + ".LayerNorm");
        dense = width is { } read ? nn.Linear(read, sizes.Width, device: device) : null;
        LayerNorm = nn.LayerNorm(sizes.Width, sizes.Eps, device: device);
        _dropout = new Dropout(sizes.Dropout);
        RegisterComponents();
    }

    /// <summary>norm(stream + dropout(W input + b)), and what is attached behind it.</summary>
    /// <param name="input">[batch, tokens, inner width].</param>
    /// <param name="stream">[batch, tokens, width].</param>
    internal Tensor Run(Tensor input, Tensor stream, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var output = _dropout.call(Layers.To(attached.Project(_dense, read => Layers.Apply(dense!, read), input), stream.dtype));
        var normed = Norm(stream + attached.Join(_place, stream, stream, output), attached);
        return attached.Join(_norm, stream, stream, normed).MoveToOuterDisposeScope();
    }

    internal Tensor Norm(Tensor stream, Attachments attached) => attached.Project(_norm, LayerNorm.call, stream);
}

/// <summary>Attention with what ends it, or its norm alone.</summary>
internal sealed class BertAttention : nn.Module
{
    private readonly BertSelfAttention? self;
    private readonly BertOutput output;

    internal BertAttention(BertSizes sizes, string place, bool isBuilt, Device device)
        : base(nameof(BertAttention))
    {
        self = isBuilt ? new BertSelfAttention(sizes, place, device) : null;
        output = new BertOutput(sizes, place, place + ".output", isBuilt ? sizes.Width : null, device);
        RegisterComponents();
    }

    /// <summary>norm(x + attention(x | asked)).</summary>
    /// <exception cref="ArgumentException">It was not built.</exception>
    internal Tensor Run(Tensor x, Tensor asked, Tensor keyBias, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var mixed = (self ?? throw BertLayer.NotBuilt()).Attend(x, asked, keyBias, attached);
        return output.Run(mixed, x, attached).MoveToOuterDisposeScope();
    }

    internal Tensor Norm(Tensor x, Attachments attached) => output.Norm(x, attached);
}

/// <summary>The first half of the feed-forward part.</summary>
internal sealed class BertIntermediate : nn.Module
{
    private readonly Linear dense;
    private readonly string _dense;

    internal BertIntermediate(BertSizes sizes, string place, Device device)
        : base(nameof(BertIntermediate))
    {
        _dense = place + ".dense";
        dense = nn.Linear(sizes.Width, sizes.InnerWidth, device: device);
        RegisterComponents();
    }

    internal Tensor Run(Tensor x, Attachments attached)
    {
        using var scope = NewDisposeScope();
        return attached.Project(_dense, input => Layers.Apply(dense, input), x).gelu().MoveToOuterDisposeScope();
    }
}

/// <summary>One layer, or those of its sub-layers that are ever run.</summary>
/// <remarks>
/// h₁ = norm(h + attention(h)); h₂ = norm(h₁ + attention(h₁ | context)), in layers that attend to another stream; h₃ = norm(h₂ + W₂ GELU(W₁ h₂)).
/// A branch sees a sub-layer before its residual and norm, and once more behind them, where METER has DAS's adapter of the feed-forward part.
/// </remarks>
internal sealed class BertLayer : nn.Module
{
    private readonly BertAttention? attention, crossattention;
    private readonly BertIntermediate? intermediate;
    private readonly BertOutput? output;
    /// <param name="place">Its name in official checkpoints.</param>
    /// <param name="parts">Its sub-layers.</param>
    /// <param name="normsAlone">Those of them of which the norm alone is built.</param>
    internal BertLayer(
        BertSizes sizes, string place, IReadOnlyCollection<ModuleKind> parts, IReadOnlyCollection<ModuleKind> normsAlone, Device device)
        : base(nameof(BertLayer))
    {
        attention = Attention(ModuleKind.Attention, ".attention");
        crossattention = Attention(ModuleKind.CrossAttention, ".crossattention");
        if (parts.Contains(ModuleKind.FeedForward))
        {
            intermediate = new BertIntermediate(sizes, place + ".intermediate", device);
            output = new BertOutput(sizes, BertShapes.FeedForwardPlace(place), place + ".output", sizes.InnerWidth, device);
        }

        RegisterComponents();

        BertAttention? Attention(ModuleKind kind, string name) =>
            parts.Contains(kind) ? new BertAttention(sizes, place + name, !normsAlone.Contains(kind), device) : null;
    }

    /// <summary>One sub-layer: [batch, tokens, width] to the same.</summary>
    /// <param name="part">Which one.</param>
    /// <param name="x">The stream, as far as its tokens are wanted.</param>
    /// <param name="asked">What attention's keys and values come of, [batch, keys, width].</param>
    /// <param name="keyBias">Theirs, [batch, 1, 1, keys].</param>
    /// <exception cref="ArgumentException">It was not built.</exception>
    internal Tensor Run(ModuleKind part, Tensor x, Tensor asked, Tensor keyBias, Attachments attached) => part switch
    {
        ModuleKind.Attention => (attention ?? throw NotBuilt()).Run(x, asked, keyBias, attached),
        ModuleKind.CrossAttention => (crossattention ?? throw NotBuilt()).Run(x, asked, keyBias, attached),
        _ => FeedForward(x, attached),
    };

    /// <summary>The norm that stays of a skipped attention.</summary>
    internal Tensor Norm(ModuleKind part, Tensor x, Attachments attached) =>
        (part == ModuleKind.Attention ? attention : crossattention ?? throw NotBuilt())!.Norm(x, attached);

    internal static ArgumentException NotBuilt() => new("This part of the layer was not built: it was to be skipped.");

    private Tensor FeedForward(Tensor x, Attachments attached)
    {
        using var scope = NewDisposeScope();
        return (output ?? throw NotBuilt()).Run(intermediate!.Run(x, attached), x, attached).MoveToOuterDisposeScope();
    }
}

/// <summary>What BERT layers' parts are called, and what they cost.</summary>
internal static class BertShapes
{
    internal static string FeedForwardPlace(string layer) => layer + ".output";

    /// <summary>The name of a sub-layer.</summary>
    internal static string Place(string layer, ModuleKind part) => part switch
    {
        ModuleKind.Attention => layer + ".attention",
        ModuleKind.CrossAttention => layer + ".crossattention",
        _ => FeedForwardPlace(layer),
    };

    /// <summary>The name of the norm that ends it.</summary>
    internal static string NormPlace(string layer, ModuleKind part) =>
        part == ModuleKind.FeedForward ? layer + ".output.LayerNorm" : Place(layer, part) + ".output.LayerNorm";

    /// <summary>The Linears and norms of a sub-layer.</summary>
    /// <param name="tokens">Tokens of the stream.</param>
    /// <param name="asked">Tokens that attention's keys and values come of.</param>
    internal static IEnumerable<ProjectionPlace> Projections(BertSizes sizes, string layer, ModuleKind part, int? module, int tokens, int asked)
    {
        var (d, inner, place) = (sizes.Width, sizes.InnerWidth, Place(layer, part));
        return part == ModuleKind.FeedForward
            ?
            [
                new(layer + ".intermediate.dense", module, d, inner, tokens, ProjectionRole.Expand),
                new(layer + ".output.dense", module, inner, d, tokens, ProjectionRole.Contract),
                new(NormPlace(layer, part), module, d, d, tokens, ProjectionRole.Norm),
            ]
            :
            [
                new(place + ".self.query", module, d, d, tokens, ProjectionRole.Query),
                new(place + ".self.key", module, d, d, asked, ProjectionRole.Key),
                new(place + ".self.value", module, d, d, asked, ProjectionRole.Value),
                new(place + ".output.dense", module, d, d, tokens, ProjectionRole.AttentionOutput),
                new(NormPlace(layer, part), module, d, d, tokens, ProjectionRole.Norm),
            ];
    }

    /// <summary>A sub-layer's multiply-accumulates for one sample: 2nd² + 2md² + 2nmd for attention of n tokens to m, 2nd · inner for the feed-forward part.</summary>
    internal static long MultiplyAccumulates(BertSizes sizes, ModuleKind part, long tokens, long asked)
    {
        long d = sizes.Width;
        return part == ModuleKind.FeedForward
            ? 2 * tokens * d * sizes.InnerWidth
            : (2 * tokens * d * d) + (2 * asked * d * d) + (2 * tokens * asked * d);
    }
}
