using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpSearch;

internal sealed class Adapter : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm;
    private readonly Linear down;
    private readonly Linear up;

    internal Adapter(long width, long bottleneck)
        : base(nameof(Adapter))
    {
        norm = LayerNorm(width);
        down = Linear(width, bottleneck);
        up = Linear(bottleneck, width);
        foreach (var layer in new[] { down, up })
        {
            init.normal_(layer.weight, std: 0.02);
            init.zeros_(layer.bias);
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return up.call(down.call(norm.call(input)).relu()).MoveToOuterDisposeScope();
    }
}

internal sealed class Attention : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly long _heads;

    internal Attention(long width, long heads)
        : base(nameof(Attention))
    {
        _heads = heads;
        qkv = Linear(width, 3 * width);
        proj = Linear(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, width) = (x.size(0), x.size(1), x.size(2));
        var parts = qkv.call(x).reshape(batch, tokens, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind();
        var scores = (parts[0] * Math.Pow(width / _heads, -0.5)).matmul(parts[1].transpose(-2, -1)) + bias;
        return proj.call(scores.softmax(-1).matmul(parts[2]).transpose(1, 2).reshape(batch, tokens, width)).MoveToOuterDisposeScope();
    }
}

internal sealed class FeedForward : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;

    internal FeedForward(long width)
        : base(nameof(FeedForward))
    {
        fc1 = Linear(width, 4 * width);
        fc2 = Linear(4 * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc2.call(fc1.call(input).gelu()).MoveToOuterDisposeScope();
    }
}

internal sealed class Block : Module
{
    private readonly LayerNorm norm1;
    private readonly Attention attn;
    private readonly LayerNorm norm2;
    private readonly FeedForward mlp;

    internal Block(long width, long heads)
        : base(nameof(Block))
    {
        norm1 = LayerNorm(width, 1e-6);
        attn = new Attention(width, heads);
        norm2 = LayerNorm(width, 1e-6);
        mlp = new FeedForward(width);
        RegisterComponents();
    }

    internal Tensor Run(Tensor x, Tensor bias, Adapter besideAttention, Adapter besideFeedForward)
    {
        using var scope = NewDisposeScope();
        x = x + attn.call(norm1.call(x), bias) + besideAttention.call(x);
        return (x + mlp.call(norm2.call(x)) + besideFeedForward.call(x)).MoveToOuterDisposeScope();
    }
}

internal sealed class Text : Module<Tensor, Tensor>
{
    private readonly Embedding word_embeddings;
    private readonly Embedding position_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly LayerNorm LayerNorm;

    internal Text(long words, long length, long width)
        : base(nameof(Text))
    {
        word_embeddings = Embedding(words, width);
        position_embeddings = Embedding(length, width);
        token_type_embeddings = Embedding(2, width);
        LayerNorm = LayerNorm(width, 1e-12);
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var positions = position_embeddings.call(arange(ids.size(1)));
        return LayerNorm.call(word_embeddings.call(ids) + positions + token_type_embeddings.call(zeros_like(ids))).MoveToOuterDisposeScope();
    }
}

internal sealed class Patches : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    internal Patches(long width, long size)
        : base(nameof(Patches))
    {
        proj = Conv2d(3, width, size, size);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return proj.call(images).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }
}

internal sealed class Vision : Module<Tensor, Tensor>
{
    private readonly Parameter cls_token;
    private readonly Parameter pos_embed;
    private readonly Patches patch_embed;
    private readonly LayerNorm norm;
    private readonly ModuleList<Block> blocks;

    internal Vision(long width, int layers, long heads, long patch, long patches)
        : base(nameof(Vision))
    {
        cls_token = new Parameter(zeros(1, 1, width));
        pos_embed = new Parameter(zeros(1, 1 + patches, width));
        patch_embed = new Patches(width, patch);
        blocks = new ModuleList<Block>([.. Enumerable.Range(0, layers).Select(_ => new Block(width, heads))]);
        norm = LayerNorm(width, 1e-6);
        RegisterComponents();
    }

    internal IReadOnlyList<Block> Blocks => [.. blocks];

    internal Tensor Normalise(Tensor x) => norm.call(x);

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embed.call(images);
        return (cat([cls_token.expand(images.size(0), -1, -1), patches], 1) + pos_embed).MoveToOuterDisposeScope();
    }
}

internal sealed class Pooler : Module<Tensor, Tensor>
{
    private readonly Linear dense;

    internal Pooler(long width)
        : base(nameof(Pooler))
    {
        dense = Linear(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return dense.call(x.select(1, 0)).tanh().MoveToOuterDisposeScope();
    }
}

/// <summary>A frozen ViLT with an adapter in place of each layer and two within it.</summary>
internal sealed class Supernet : Module
{
    private readonly Text text_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly Vision transformer;
    private readonly Pooler pooler;
    private readonly ModuleList<Adapter> replacing;
    private readonly ModuleList<Adapter> beside;
    private readonly TorchSharp.Modules.Sequential head;
    private readonly Block[] _blocks;

    internal Supernet(IReadOnlyDictionary<string, Tensor> weights, long heads, long answers, long replacingWidth, long besideWidth)
        : base(nameof(Supernet))
    {
        var (words, width) = (weights["text_embeddings.word_embeddings.weight"].size(0), weights["text_embeddings.word_embeddings.weight"].size(1));
        var layers = 1 + weights.Keys.Where(name => name.StartsWith("transformer.blocks.", StringComparison.Ordinal))
            .Max(name => int.Parse(name.Split('.')[2], CultureInfo.InvariantCulture));
        text_embeddings = new Text(words, weights["text_embeddings.position_embeddings.weight"].size(0), width);
        token_type_embeddings = Embedding(weights["token_type_embeddings.weight"].size(0), width);
        transformer = new Vision(
            width, layers, heads, weights["transformer.patch_embed.proj.weight"].size(3), weights["transformer.pos_embed"].size(1) - 1);
        pooler = new Pooler(width);
        replacing = new ModuleList<Adapter>([.. Enumerable.Range(0, layers).Select(_ => new Adapter(width, replacingWidth))]);
        beside = new ModuleList<Adapter>([.. Enumerable.Range(0, 2 * layers).Select(_ => new Adapter(width, besideWidth))]);
        var (first, last) = (Linear(width, 2 * width), Linear(2 * width, answers));
        foreach (var layer in new[] { first, last })
        {
            init.normal_(layer.weight, std: 0.02);
            init.zeros_(layer.bias);
        }

        head = Sequential(first, LayerNorm(2 * width), GELU(), last);
        RegisterComponents();
        _blocks = [.. transformer.Blocks];
        using var unrecorded = no_grad();
        foreach (var (name, parameter) in named_parameters())
        {
            var isBackbone = !name.StartsWith("replacing", StringComparison.Ordinal) && !name.StartsWith("beside", StringComparison.Ordinal)
                && !name.StartsWith("head", StringComparison.Ordinal);
            if (isBackbone)
            {
                parameter.copy_(weights[name]);
                parameter.requires_grad = name.StartsWith("pooler.", StringComparison.Ordinal)
                    || name.Contains("token_type_embeddings", StringComparison.Ordinal);
            }
        }
    }

    internal int Layers => _blocks.Length;

    internal Tensor Run(Tensor ids, Tensor mask, Tensor images, IReadOnlySet<int> skipped)
    {
        using var scope = NewDisposeScope();
        var kinds = token_type_embeddings.weight!;
        var image = transformer.call(images) + kinds[1];
        var x = cat([text_embeddings.call(ids) + kinds[0], image], 1);
        var seen = cat([mask, ones(image.size(0), image.size(1), ScalarType.Bool)], 1);
        var bias = zeros(seen.shape).masked_fill(seen.logical_not(), double.NegativeInfinity).unsqueeze(1).unsqueeze(1);
        for (var i = 0; i < _blocks.Length; i++)
        {
            x = skipped.Contains(i) ? x + replacing[i].call(x) : _blocks[i].Run(x, bias, beside[2 * i], beside[(2 * i) + 1]);
        }

        return head.call(pooler.call(transformer.Normalise(x))).MoveToOuterDisposeScope();
    }
}
