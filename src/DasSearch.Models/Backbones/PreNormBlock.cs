using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

// From the smallest part to the whole block; fields are named as in timm and in ViLT's checkpoints.

/// <summary>Self-attention of a block.</summary>
internal abstract class BlockAttention(string name) : nn.Module(name)
{
    /// <summary>What the first <paramref name="queries"/> tokens find out from those that they see: [batch, tokens, width] to [batch, queries, width].</summary>
    internal abstract Tensor Attend(Tensor x, Tensor keyBias, long queries, Attachments attached);
}

/// <summary>Multi-head self-attention over all tokens.</summary>
internal sealed class PreNormAttention : BlockAttention
{
    private readonly nn.Module<Tensor, Tensor> qkv, proj; // Linears, or two each of a low rank
    private readonly Dropout _dropout;
    private readonly int _heads;
    private readonly string _place, _qkv, _proj;

    internal PreNormAttention(PreNormSizes sizes, string place, Device device)
        : base(nameof(PreNormAttention))
    {
        (_heads, _place, _qkv, _proj) = (sizes.Heads, place, place + ".qkv", place + ".proj");
        qkv = Layers.Linear(sizes.Width, 3 * sizes.Width, sizes.RankOf(_qkv), device);
        proj = Layers.Linear(sizes.Width, sizes.Width, sizes.RankOf(_proj), device);
        _dropout = new Dropout(sizes.Dropout);
        RegisterComponents();
    }

    internal override Tensor Attend(Tensor x, Tensor keyBias, long queries, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, width) = (x.size(0), x.size(1), x.size(2));
        Tensor[] heads; // queries, keys, values: [batch, heads, tokens, width / heads]
        if (queries == tokens || attached.Projections.ContainsKey(_qkv))
        {
            heads = Heads(attached.Project(_qkv, input => Layers.Apply(qkv, input), x), 3); // [batch, tokens, 3 · width]
            heads[0] = queries == tokens ? heads[0] : heads[0].narrow(2, 0, queries);
        }
        else
        {
            heads =
            [
                .. Heads(Layers.ApplyRows(qkv, x.narrow(1, 0, queries), 0, width), 1),
                .. Heads(Layers.ApplyRows(qkv, x, width, 2 * width), 2),
            ];
        }

        var seen = attached.Observer is { } observer ? (Action<Tensor>)(weights => observer.Attended(_place, weights)) : null;
        var mixed = Layers.Attend(heads[0], heads[1], heads[2], keyBias, seen); // [batch, heads, queries, width / heads]
        var joined = mixed.transpose(1, 2).reshape(batch, queries, width);
        var output = attached.Project(_proj, input => Layers.Apply(proj, input), joined);
        return _dropout.call(Layers.To(output, x.dtype)).MoveToOuterDisposeScope();
    }

    // [batch, tokens, parts · width] to so many of [batch, heads, tokens, width / heads].
    private Tensor[] Heads(Tensor projected, long parts)
    {
        var (batch, tokens, width) = (projected.size(0), projected.size(1), projected.size(2) / parts);
        return projected.reshape(batch, tokens, parts, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind();
    }
}

/// <summary>The same with queries, keys and values of a Linear each, and named as in Hugging Face's CLIP.</summary>
internal sealed class SplitAttention : BlockAttention
{
    private readonly nn.Module<Tensor, Tensor> q_proj, k_proj, v_proj, out_proj;
    private readonly Dropout _dropout;
    private readonly int _heads;
    private readonly string _place;

    internal SplitAttention(PreNormSizes sizes, string place, Device device)
        : base(nameof(SplitAttention))
    {
        (_heads, _place) = (sizes.Heads, place);
        (q_proj, k_proj, v_proj, out_proj) = (Linear(nameof(q_proj)), Linear(nameof(k_proj)), Linear(nameof(v_proj)), Linear(nameof(out_proj)));
        _dropout = new Dropout(sizes.Dropout);
        RegisterComponents();

        nn.Module<Tensor, Tensor> Linear(string name) => Layers.Linear(sizes.Width, sizes.Width, sizes.RankOf($"{place}.{name}"), device);
    }

    internal override Tensor Attend(Tensor x, Tensor keyBias, long queries, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Heads(nameof(q_proj), q_proj, x.narrow(1, 0, queries)), Heads(nameof(k_proj), k_proj, x), Heads(nameof(v_proj), v_proj, x));
        var seen = attached.Observer is { } observer ? (Action<Tensor>)(weights => observer.Attended(_place, weights)) : null;
        var bias = keyBias.size(2) == 1 ? keyBias : keyBias.narrow(2, 0, queries);
        var mixed = Layers.Attend(q, k, v, bias, seen); // [batch, heads, queries, width / heads]
        var output = Project(nameof(out_proj), out_proj, mixed.transpose(1, 2).flatten(2));
        return _dropout.call(Layers.To(output, x.dtype)).MoveToOuterDisposeScope();

        Tensor Project(string name, nn.Module<Tensor, Tensor> layer, Tensor input) => attached.Project($"{_place}.{name}", read => Layers.Apply(layer, read), input);

        // [batch, tokens, width] to [batch, heads, tokens, width / heads].
        Tensor Heads(string name, nn.Module<Tensor, Tensor> layer, Tensor input) => Project(name, layer, input).unflatten(2, _heads, x.size(2) / _heads).transpose(1, 2);
    }
}

/// <summary>Two linear layers with a GELU between them: [batch, tokens, width] to the same.</summary>
internal sealed class PreNormFeedForward : nn.Module
{
    private const double QuickSlope = 1.702;

    private readonly nn.Module<Tensor, Tensor> fc1, fc2;
    private readonly Dropout _dropout;
    private readonly GeluKind _gelu;
    private readonly string _fc1, _fc2;

    internal PreNormFeedForward(PreNormSizes sizes, string place, Device device)
        : base(nameof(PreNormFeedForward))
    {
        (_gelu, _fc1, _fc2) = (sizes.Gelu, place + ".fc1", place + ".fc2");
        fc1 = Layers.Linear(sizes.Width, sizes.InnerWidth, sizes.RankOf(_fc1), device);
        fc2 = Layers.Linear(sizes.InnerWidth, sizes.Width, sizes.RankOf(_fc2), device);
        _dropout = new Dropout(sizes.Dropout);
        RegisterComponents();
    }

    internal Tensor Run(Tensor x, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var wide = attached.Project(_fc1, input => Layers.Apply(fc1, input), x); // [batch, tokens, ratio · width]
        var inner = _dropout.call(_gelu == GeluKind.Exact ? wide.gelu() : wide * (wide * QuickSlope).sigmoid());
        var output = attached.Project(_fc2, input => Layers.Apply(fc2, input), inner);
        return _dropout.call(Layers.To(output, x.dtype)).MoveToOuterDisposeScope();
    }
}

/// <summary>LayerScale (arXiv:2103.17239): a factor for each channel of what a sub-layer gives.</summary>
internal sealed class LayerScale : nn.Module
{
    // That of the papers that have it for networks of 24 layers and fewer.
    private const double Start = 1e-4;

    private readonly Parameter gamma;

    internal LayerScale(int width, Device device)
        : base(nameof(LayerScale))
    {
        gamma = new Parameter(full([width], Start, device: device));
        RegisterComponents();
    }

    internal Tensor Apply(Tensor x) => x * gamma;
}

/// <summary>One pre-norm Transformer block, or those of its two sub-layers that are ever run.</summary>
internal sealed class PreNormBlock : nn.Module
{
    internal const double Eps = 1e-6;

    private readonly LayerNorm? norm1, norm2;
    private readonly BlockAttention? attn;
    private readonly PreNormFeedForward? mlp;
    private readonly LayerScale? ls1, ls2;
    private readonly DropPath? _path; // none where nothing is dropped
    private readonly string _norm1, _attn, _norm2, _mlp;

    /// <param name="kinds">The sub-layers to build; <see cref="ModuleKind.Whole"/> is both.</param>
    /// <param name="attention">Makes its attention, of a name; null for one over all tokens.</param>
    /// <param name="names">What its parts are called; null for timm's names.</param>
    /// <param name="dropPath">How likely a sample is without a residual branch in training: see <see cref="DropPath"/>.</param>
    internal PreNormBlock(
        PreNormSizes sizes,
        string place,
        IReadOnlyCollection<ModuleKind> kinds,
        Device device,
        Func<string, BlockAttention>? attention = null,
        PreNormNames? names = null,
        double dropPath = 0)
        : base(nameof(PreNormBlock))
    {
        names ??= PreNormNames.Timm;
        (_norm1, _attn, _norm2, _mlp) = ($"{place}.{names.AttentionNorm}", $"{place}.{names.Attention}", $"{place}.{names.FeedForwardNorm}", place + ".mlp");
        if (dropPath > 0)
        {
            _path = new DropPath(dropPath);
            register_module("drop_path", _path);
        }

        if (kinds.Any(static kind => kind != ModuleKind.FeedForward))
        {
            norm1 = nn.LayerNorm(sizes.Width, sizes.Eps, device: device);
            attn = attention?.Invoke(_attn) ?? new PreNormAttention(sizes, _attn, device);
            register_module(names.AttentionNorm, norm1);
            register_module(names.Attention, attn);
            if (sizes.HasLayerScale)
            {
                ls1 = new LayerScale(sizes.Width, device);
                register_module(nameof(ls1), ls1);
            }
        }

        if (kinds.Any(static kind => kind != ModuleKind.Attention))
        {
            norm2 = nn.LayerNorm(sizes.Width, sizes.Eps, device: device);
            mlp = new PreNormFeedForward(sizes, _mlp, device);
            register_module(names.FeedForwardNorm, norm2);
            register_module(nameof(mlp), mlp);
            if (sizes.HasLayerScale)
            {
                ls2 = new LayerScale(sizes.Width, device);
                register_module(nameof(ls2), ls2);
            }
        }
    }

    /// <summary>x₁ = x + attention(norm1 x); x₂ = x₁ + mlp(norm2 x₁), each times its LayerScale where there is one; or one of the two.</summary>
    /// <param name="x">[batch, all tokens, width].</param>
    /// <param name="keyBias">[batch, 1, 1, all tokens], or of each that asks: see <see cref="Layers.CausalBias"/>.</param>
    /// <param name="tokens">How many of the tokens are wanted, from the first on; null for all.</param>
    /// <exception cref="ArgumentException">The sub-layer was not built.</exception>
    internal Tensor Run(ModuleKind kind, Tensor x, Tensor keyBias, Attachments attached, long? tokens)
    {
        using var scope = NewDisposeScope();
        var wanted = First(x, tokens ?? x.size(1));
        if (kind != ModuleKind.FeedForward)
        {
            var read = attached.Project(_norm1, Built(norm1).call, x);
            var attention = Built(attn).Attend(read, keyBias, wanted.size(1), attached);
            var joined = attached.Join(_attn, wanted, First(read, wanted.size(1)), ls1?.Apply(attention) ?? attention);
            wanted = wanted + (_path?.call(joined) ?? joined);
        }

        if (kind != ModuleKind.Attention)
        {
            var read = attached.Project(_norm2, Built(norm2).call, wanted);
            var inner = Built(mlp).Run(read, attached);
            var joined = attached.Join(_mlp, wanted, read, ls2?.Apply(inner) ?? inner);
            wanted = wanted + (_path?.call(joined) ?? joined);
        }

        return wanted.MoveToOuterDisposeScope();
    }

    private static Tensor First(Tensor x, long tokens) => tokens < x.size(1) ? x.narrow(1, 0, tokens) : x;

    private static T Built<T>(T? part)
        where T : nn.Module =>
        part ?? throw new ArgumentException("This part of the block was not built: it was to be skipped.");
}
