using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

// The image encoder of CLIP (Radford et al., arXiv:2103.00020), a pre-norm Transformer over patches. From the smaller parts to the whole;
// fields are named as in the official checkpoints.

/// <summary>The sizes of CLIP's image encoder; the defaults are those of ViT-B/16 as METER (arXiv:2111.02387) has it, without its last block.</summary>
public sealed record ClipVisionConfig : IImageEncoderKind
{
    /// <inheritdoc/>
    public string Name => "clip";

    /// <inheritdoc/>
    public int Side { get; init; } = 384;

    /// <summary>Side of a patch, in pixels.</summary>
    public int PatchSize { get; init; } = 16;

    /// <inheritdoc/>
    public int Width { get; init; } = 768;

    /// <summary>Blocks that are run: CLIP's are 12, and METER does without the last one.</summary>
    public int Layers { get; init; } = 11;

    /// <summary>Attention heads; a divisor of the width.</summary>
    public int Heads { get; init; } = 12;

    /// <inheritdoc/>
    /// <remarks>The class token, and the patches behind it.</remarks>
    public int Tokens => 1 + (Side / PatchSize * (Side / PatchSize));

    /// <inheritdoc/>
    public bool TellsPositions => true;

    /// <inheritdoc/>
    public double? Scale => null;

    /// <inheritdoc/>
    public IEnumerable<ParameterShape> Parameters => ClipVision.Shapes(this);

    /// <inheritdoc/>
    public long MultiplyAccumulates => ClipVision.Operations(this);

    /// <inheritdoc/>
    public IImageEncoder Create(Device device) => new ClipVision(this, device);
}

/// <summary>Multi-head self-attention, whose queries, keys and values are one product.</summary>
internal sealed class ClipAttention : nn.Module
{
    private readonly Parameter in_proj_weight, in_proj_bias;
    private readonly Linear out_proj;
    private readonly int _heads;

    internal ClipAttention(ClipVisionConfig config, Device device)
        : base(nameof(ClipAttention))
    {
        _heads = config.Heads;
        in_proj_weight = new Parameter(empty(3 * config.Width, config.Width, device: device));
        in_proj_bias = new Parameter(zeros(3 * config.Width, device: device));
        out_proj = nn.Linear(config.Width, config.Width, device: device);
        RegisterComponents();
    }

    /// <summary>[batch, tokens, width] to the same.</summary>
    internal Tensor Attend(Tensor x)
    {
        using var scope = NewDisposeScope();
        var projected = nn.functional.linear(x, in_proj_weight, in_proj_bias); // [batch, tokens, 3 · width]
        var heads = projected.unflatten(2, 3, _heads, x.size(2) / _heads).permute(2, 0, 3, 1, 4).unbind(); // [batch, heads, tokens, width / heads]
        var mixed = Layers.Attend(heads[0], heads[1], heads[2], zeros([x.size(0), 1, 1, x.size(1)], x.dtype, x.device));
        return Layers.To(Layers.Apply(out_proj, mixed.transpose(1, 2).flatten(2)), x.dtype).MoveToOuterDisposeScope();
    }
}

/// <summary>Two linear layers with a QuickGELU, x · σ(1.702 x), between them.</summary>
internal sealed class ClipFeedForward : nn.Module
{
    private readonly Linear c_fc, c_proj;

    internal ClipFeedForward(ClipVisionConfig config, Device device)
        : base(nameof(ClipFeedForward))
    {
        c_fc = nn.Linear(config.Width, 4 * config.Width, device: device);
        c_proj = nn.Linear(4 * config.Width, config.Width, device: device);
        RegisterComponents();
    }

    internal Tensor Run(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = Layers.Apply(c_fc, x);
        return Layers.To(Layers.Apply(c_proj, wide * (wide * 1.702).sigmoid()), x.dtype).MoveToOuterDisposeScope();
    }
}

/// <summary>x₁ = x + attention(ln_1 x); x₂ = x₁ + mlp(ln_2 x₁).</summary>
internal sealed class ClipBlock : nn.Module
{
    private readonly ClipAttention attn;
    private readonly LayerNorm ln_1, ln_2;
    private readonly ClipFeedForward mlp;

    internal ClipBlock(ClipVisionConfig config, Device device)
        : base(nameof(ClipBlock))
    {
        attn = new ClipAttention(config, device);
        ln_1 = nn.LayerNorm(config.Width, device: device);
        mlp = new ClipFeedForward(config, device);
        ln_2 = nn.LayerNorm(config.Width, device: device);
        RegisterComponents();
    }

    internal Tensor Run(Tensor x)
    {
        using var scope = NewDisposeScope();
        var attended = x + attn.Attend(ln_1.call(x));
        return (attended + mlp.Run(ln_2.call(attended))).MoveToOuterDisposeScope();
    }
}

/// <summary>The blocks, one after the other.</summary>
internal sealed class ClipTransformer : nn.Module
{
    private readonly ModuleDict<ClipBlock> resblocks;

    internal ClipTransformer(ClipVisionConfig config, Device device)
        : base(nameof(ClipTransformer))
    {
        resblocks = nn.ModuleDict(
            Enumerable.Range(0, config.Layers).Select(i => (i.ToString(CultureInfo.InvariantCulture), new ClipBlock(config, device))).ToArray());
        RegisterComponents();
    }

    internal Tensor Run(Tensor x)
    {
        for (var i = 0; i < resblocks.Count; i++)
        {
            x = resblocks[i.ToString(CultureInfo.InvariantCulture)].Run(x);
        }

        return x;
    }
}

/// <summary>The part that the official checkpoints call "visual".</summary>
internal sealed class ClipVisual : nn.Module
{
    private readonly Conv2d conv1;
    private readonly Parameter class_embedding, positional_embedding;
    private readonly LayerNorm ln_pre, ln_post;
    private readonly ClipTransformer transformer;

    internal ClipVisual(ClipVisionConfig config, Device device)
        : base(nameof(ClipVisual))
    {
        conv1 = nn.Conv2d(3, config.Width, config.PatchSize, config.PatchSize, bias: false, device: device);
        class_embedding = new Parameter(empty(config.Width, device: device));
        positional_embedding = new Parameter(empty(config.Tokens, config.Width, device: device));
        ln_pre = nn.LayerNorm(config.Width, device: device);
        transformer = new ClipTransformer(config, device);
        ln_post = nn.LayerNorm(config.Width, device: device);
        RegisterComponents();
    }

    internal Tensor Run(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patches = conv1.call(images).flatten(2).transpose(1, 2); // [batch, patches, width]
        var first = class_embedding.expand(patches.size(0), 1, -1);
        var tokens = ln_pre.call(cat([first, patches], 1) + positional_embedding);
        return ln_post.call(transformer.Run(tokens)).MoveToOuterDisposeScope();
    }
}

/// <summary>CLIP's image encoder, of which METER takes every token, normalised and not projected.</summary>
/// <remarks>What official checkpoints have besides of CLIP's text side is never run, and kept so that a checkpoint comes out as it went in.</remarks>
internal sealed class ClipVision : nn.Module, IImageEncoder
{
    internal const string Patches = "visual.conv1.weight";
    internal const string Positions = "visual.positional_embedding";
    internal const string Blocks = "visual.transformer.resblocks.";

    private const int TextLength = 77;
    private const int TextWidth = 512;

    private readonly ClipVisual visual;
    private readonly Parameter positional_embedding;
    private readonly LayerNorm ln_final;

    internal ClipVision(ClipVisionConfig config, Device device)
        : base(nameof(ClipVision))
    {
        Width = config.Width;
        visual = new ClipVisual(config, device);
        positional_embedding = new Parameter(zeros(TextLength, TextWidth, device: device));
        ln_final = nn.LayerNorm(TextWidth, device: device);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    public Tensor Encode(Tensor images) => visual.Run(images);

    /// <summary>Its parameters by name.</summary>
    internal static IEnumerable<ParameterShape> Shapes(ClipVisionConfig config)
    {
        long d = config.Width, patch = config.PatchSize;
        return
        [
            new(Patches, [d, 3, patch, patch]),
            new("visual.class_embedding", [d]),
            new(Positions, [config.Tokens, d]),
            .. Pair("visual.ln_pre", d),
            .. Pair("visual.ln_post", d),
            .. Enumerable.Range(0, config.Layers).SelectMany(block => Block($"{Blocks}{block}.", d)),
            new("positional_embedding", [TextLength, TextWidth]),
            .. Pair("ln_final", TextWidth),
        ];
    }

    /// <summary>Multiply-accumulates of an image: 3 · patch² · patches · d, and 12nd² + 2n²d a block.</summary>
    internal static long Operations(ClipVisionConfig config)
    {
        long d = config.Width, n = config.Tokens, patch = config.PatchSize;
        return ((n - 1) * 3 * patch * patch * d) + (config.Layers * ((12 * n * d * d) + (2 * n * n * d)));
    }

    private static IEnumerable<ParameterShape> Block(string block, long d) =>
    [
        new(block + "attn.in_proj_weight", [3 * d, d]),
        new(block + "attn.in_proj_bias", [3 * d]),
        .. Pair(block + "attn.out_proj", d, d),
        .. Pair(block + "ln_1", d),
        .. Pair(block + "mlp.c_fc", 4 * d, d),
        .. Pair(block + "mlp.c_proj", d, 4 * d),
        .. Pair(block + "ln_2", d),
    ];

    private static IEnumerable<ParameterShape> Pair(string name, long result, long? width = null) =>
        [new(name + ".weight", width is { } read ? [result, read] : [result]), new(name + ".bias", [result])];
}
