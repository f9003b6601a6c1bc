using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

// The pre-norm layer of LLaMA (Touvron et al., arXiv:2302.13971), from the smallest part to the whole; fields are named as in the official checkpoints.

/// <summary>x / √(mean of x² + eps) · w, and a bias where a method has merged one: [*, width] to the same (Zhang and Sennrich, arXiv:1910.07467).</summary>
public sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Tensor weight; // [width]
    private readonly double _eps;
    private Parameter? _bias;

    /// <param name="eps">What is added to the mean of squares.</param>
    /// <param name="isParameter">Whether w is one; else a buffer, as where the norm alone is left of a module that is skipped.</param>
    public RmsNorm(long width, double eps, Device? device = null, bool isParameter = true)
        : base(nameof(RmsNorm))
    {
        _eps = eps;
        var fresh = ones(width, device: device);
        weight = isParameter ? new Parameter(fresh) : fresh.DetachFromDisposeScope(); // it outlives whoever builds it, as parameters do
        RegisterComponents();
    }

    /// <summary>w: [width].</summary>
    public Tensor Weight => weight;

    /// <summary>What is added in the end, [width]; null, as in every LLaMA, for nothing.</summary>
    public Parameter? Bias
    {
        get => _bias;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _bias = value;
            register_parameter("bias", value);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var wide = Layers.To(input, ScalarType.Float32);
        var scaled = wide * (wide.square().mean([-1L], keepdim: true) + _eps).rsqrt();
        var moved = _bias is null ? scaled * weight : (scaled * weight) + _bias;
        return Layers.To(moved, input.dtype).MoveToOuterDisposeScope();
    }
}

/// <summary>Where tokens stand, and which they see.</summary>
/// <param name="Positions">[tokens], Float64: of the tokens that are given.</param>
/// <param name="Bias">[batch or 1, 1, tokens that ask, tokens that are asked], added to attention's scores: 0, or −∞ where one does not see the other.</param>
internal sealed record LlamaView(Tensor Positions, Tensor Bias)
{
    /// <summary>Of tokens that follow others, which they all see, as they do those before them.</summary>
    /// <param name="before">How many others there are.</param>
    internal static LlamaView After(long before, long tokens, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var hidden = full([1, 1, tokens, before + tokens], double.NegativeInfinity, type, device).triu(before + 1);
        return new LlamaView(arange(before, before + tokens, ScalarType.Float64, device).MoveToOuterDisposeScope(), hidden.MoveToOuterDisposeScope());
    }

    /// <summary>Of a text from its beginning on: every token sees itself and those before it, as far as they are there.</summary>
    /// <param name="keyBias">[batch, 1, 1, tokens], of the text and of what a method adds behind it.</param>
    /// <param name="text">Tokens of the text. The others have no place in it: all see them, and they see each other.</param>
    internal static LlamaView Of(Tensor keyBias, long text)
    {
        using var scope = NewDisposeScope();
        var device = keyBias.device;
        var positions = cat([arange(text, ScalarType.Float64, device), zeros(keyBias.size(3) - text, ScalarType.Float64, device)]);
        return new LlamaView(positions.MoveToOuterDisposeScope(), Layers.CausalBias(keyBias, text).MoveToOuterDisposeScope());
    }
}

/// <summary>Rotary positions (Su et al., arXiv:2104.09864): pairs of a head's numbers are turned by position · θ^(−2k / width).</summary>
internal static class Rotary
{
    /// <summary>[batch, heads, tokens, width] to the same.</summary>
    /// <param name="positions">[tokens], Float64.</param>
    internal static Tensor Turn(Tensor x, Tensor positions, LlamaConfig config)
    {
        using var scope = NewDisposeScope();
        var half = x.size(3) / 2;
        var speeds = (arange(half, ScalarType.Float64, x.device) * (-Math.Log(config.Theta) / half)).exp();
        var angles = positions.unsqueeze(1) * speeds; // [tokens, width / 2]
        var (cos, sin) = (angles.cos().to(ScalarType.Float32), angles.sin().to(ScalarType.Float32));
        var isAdjacent = config.Rotary == RotaryLayout.Adjacent;
        var pairs = isAdjacent ? x.unflatten(3, half, 2) : x.unflatten(3, 2, half);
        var (a, b) = isAdjacent ? (pairs.select(4, 0), pairs.select(4, 1)) : (pairs.select(3, 0), pairs.select(3, 1));
        Tensor[] turned = [(a * cos) - (b * sin), (a * sin) + (b * cos)];
        return Layers.To(isAdjacent ? stack(turned, 4).flatten(3) : cat(turned, 3), x.dtype).MoveToOuterDisposeScope();
    }
}

/// <summary>Causal attention whose queries share keys and values in groups.</summary>
internal sealed class LlamaAttention : nn.Module
{
    private readonly Linear wq, wk, wv, wo;
    private readonly LlamaConfig _config;
    private readonly string _place;

    internal LlamaAttention(LlamaConfig config, string place, Device device)
        : base(nameof(LlamaAttention))
    {
        (_config, _place) = (config, place);
        wq = nn.Linear(config.Width, config.QueryWidth, hasBias: false, device: device);
        wk = nn.Linear(config.Width, config.KeyValueWidth, hasBias: false, device: device);
        wv = nn.Linear(config.Width, config.KeyValueWidth, hasBias: false, device: device);
        wo = nn.Linear(config.QueryWidth, config.Width, hasBias: false, device: device);
        RegisterComponents();
    }

    /// <summary>What the first <paramref name="queries"/> tokens find out: [batch, tokens, width] to [batch, queries, width].</summary>
    /// <param name="cache">Keys and values of the tokens before these, and of these afterwards; null where these are all.</param>
    internal Tensor Run(Tensor read, long queries, LlamaView view, Attachments attached, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        var asking = read.narrow(1, 0, queries);
        var q = Rotary.Turn(Split(Project("wq", wq, asking, attached), _config.Heads), view.Positions.narrow(0, 0, queries), _config);
        var k = Rotary.Turn(Split(Project("wk", wk, read, attached), _config.KeyValueHeads), view.Positions, _config);
        var v = Split(Project("wv", wv, read, attached), _config.KeyValueHeads);
        (k, v) = cache?.Extended(_place, k, v) ?? (k, v);
        var seen = attached.Observer is { } observer ? (Action<Tensor>)(weights => observer.Attended(_place, weights)) : null;
        var mixed = Layers.Attend(q, ForEachHead(k), ForEachHead(v), view.Bias.narrow(2, 0, queries), seen); // [batch, heads, queries, width]
        return Project("wo", wo, mixed.transpose(1, 2).flatten(2), attached).MoveToOuterDisposeScope();
    }

    private Tensor Project(string name, Linear linear, Tensor input, Attachments attached) =>
        attached.Project($"{_place}.{name}", x => Layers.Apply(linear, x), input);

    // [batch, tokens, heads · width] to [batch, heads, tokens, width].
    private Tensor Split(Tensor projected, long heads) => projected.unflatten(2, heads, _config.HeadWidth).transpose(1, 2);

    // Each head that is asked, as often as it is: [batch, key and value heads, tokens, width] to [batch, heads, tokens, width].
    private Tensor ForEachHead(Tensor shared) => _config.Heads == _config.KeyValueHeads
        ? shared
        : shared.unsqueeze(2).expand(-1, -1, _config.Heads / _config.KeyValueHeads, -1, -1).flatten(1, 2);
}

/// <summary>SwiGLU (Shazeer, arXiv:2002.05202): W₂ (SiLU(W₁ x) ⊙ W₃ x), [batch, tokens, width] to the same.</summary>
internal sealed class LlamaFeedForward : nn.Module
{
    private readonly Linear w1, w2, w3;
    private readonly string _place;

    internal LlamaFeedForward(LlamaConfig config, string place, Device device)
        : base(nameof(LlamaFeedForward))
    {
        _place = place;
        w1 = nn.Linear(config.Width, config.InnerWidth, hasBias: false, device: device);
        w2 = nn.Linear(config.InnerWidth, config.Width, hasBias: false, device: device);
        w3 = nn.Linear(config.Width, config.InnerWidth, hasBias: false, device: device);
        RegisterComponents();
    }

    internal Tensor Run(Tensor read, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var gate = Project("w1", w1, read, attached);
        var inner = nn.functional.silu(gate) * Project("w3", w3, read, attached);
        return Project("w2", w2, inner, attached).MoveToOuterDisposeScope();
    }

    private Tensor Project(string name, Linear linear, Tensor input, Attachments attached) =>
        attached.Project($"{_place}.{name}", x => Layers.Apply(linear, x), input);
}

/// <summary>One layer, or those of its sub-layers that are ever run.</summary>
/// <remarks>h = x + attention(norm(x)); y = h + feed-forward(norm(h)).</remarks>
internal sealed class LlamaLayer : nn.Module
{
    private readonly RmsNorm? attention_norm, ffn_norm;
    private readonly LlamaAttention? attention;
    private readonly LlamaFeedForward? feed_forward;
    private readonly int _number;

    /// <param name="parts">Those of its sub-layers that are ever run.</param>
    /// <param name="begun">Those that begin a module which is always skipped: their norms are there for what stands in its place.</param>
    internal LlamaLayer(LlamaConfig config, int number, IReadOnlyCollection<ModuleKind> parts, IReadOnlyCollection<ModuleKind> begun, Device device)
        : base(nameof(LlamaLayer))
    {
        _number = number;
        attention_norm = Norm(ModuleKind.Attention);
        ffn_norm = Norm(ModuleKind.FeedForward);
        if (parts.Contains(ModuleKind.Attention))
        {
            attention = new LlamaAttention(config, LlamaConfig.Place(number, ModuleKind.Attention), device);
        }

        if (parts.Contains(ModuleKind.FeedForward))
        {
            feed_forward = new LlamaFeedForward(config, LlamaConfig.Place(number, ModuleKind.FeedForward), device);
        }

        RegisterComponents();

        RmsNorm? Norm(ModuleKind part) => parts.Contains(part) || begun.Contains(part)
            ? new RmsNorm(config.Width, config.Eps, device, isParameter: parts.Contains(part))
            : null;
    }

    /// <summary>What a sub-layer's norm makes of the stream: [batch, tokens, width].</summary>
    internal Tensor Norm(ModuleKind part, Tensor x) => (part == ModuleKind.Attention ? attention_norm : ffn_norm)!.call(x);

    /// <summary>One sub-layer: [batch, tokens, width] to [batch, wanted, width].</summary>
    /// <param name="wanted">Of how many tokens its result is wanted, from the first on.</param>
    /// <param name="handed">What a feed-forward part reads in place of its norm's scaled stream; null for that.</param>
    /// <exception cref="ArgumentException">It was not built.</exception>
    internal Tensor Run(ModuleKind part, Tensor x, long wanted, LlamaView view, Attachments attached, KeyValueCache? cache, Tensor? handed)
    {
        using var scope = NewDisposeScope();
        var stream = x.narrow(1, 0, wanted);
        var isAttention = part == ModuleKind.Attention;
        if (isAttention ? attention is null : feed_forward is null)
        {
            throw new ArgumentException($"{LlamaConfig.Place(_number, part)} was not built: it was to be skipped.", nameof(part));
        }

        var norm = (isAttention ? attention_norm : ffn_norm)!;
        var read = isAttention || handed is null
            ? attached.Project(LlamaConfig.NormPlace(_number, part), norm.call, isAttention ? x : stream)
            : attached.Project(LlamaConfig.NormPlace(_number, part), given => given * norm.Weight, handed.narrow(1, 0, wanted));
        var output = isAttention ? attention!.Run(read, wanted, view, attached, cache) : feed_forward!.Run(read, attached);
        var joined = attached.Join(LlamaConfig.Place(_number, part), stream, read.narrow(1, 0, wanted), Layers.To(output, x.dtype));
        return (stream + joined).MoveToOuterDisposeScope();
    }
}
