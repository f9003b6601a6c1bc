using DasSearch.Core;
using DasSearch.Models.Backbones.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

// How LaVIN (Luo et al., arXiv:2305.15023) shows a LLaMA images; the decoder itself is Llama's.

/// <summary>The sizes of what shows a LLaMA images: a frozen CLIP's image tower, and two Linears behind it.</summary>
public sealed record LavinConfig
{
    /// <summary>Tokens that an image has within a text.</summary>
    internal const int Tokens = 6;

    internal const string Projection = "adapter_proj.";

    /// <summary>The tower, of which texts' side is left aside; by default CLIP ViT-L/14's.</summary>
    public ClipConfig Clip { get; init; } = new() { Image = new ClipTower(Width: 1024, Layers: 24, Heads: 16, InnerWidth: 4096), PatchSize = 14 };

    /// <summary>What is between the two Linears.</summary>
    public int InnerWidth { get; init; } = 128;

    /// <summary>Of which layers class tokens are taken, counted from 1: of six at equal distances, 4, 8 … and 24 of 24.</summary>
    internal IReadOnlyList<int> Taken => [.. Enumerable.Range(1, Tokens).Select(i => ((i * Clip.Image.Layers) + Tokens - 1) / Tokens)];

    internal IReadOnlyList<BlockModule> Modules => Clip.Modules(isText: false, Granularity.Layers);

    /// <summary>What the tower has.</summary>
    internal IReadOnlyList<ParameterShape> TowerParameters()
    {
        var sizes = Clip.Block(isText: false);
        return [.. Clip.ImageOutside(), .. Modules.SelectMany(module => module.Parameters(sizes))];
    }

    /// <summary>What the two Linears have.</summary>
    /// <param name="width">The decoder's.</param>
    internal IReadOnlyList<ParameterShape> ProjectionParameters(int width) =>
    [
        new(Projection + "conv_A.weight", [InnerWidth, Clip.Image.Width]), new(Projection + "conv_A.bias", [InnerWidth]),
        new(Projection + "conv_B.weight", [width, InnerWidth]), new(Projection + "conv_B.bias", [width]),
    ];

    /// <summary>Norms before attention.</summary>
    internal IReadOnlyList<ProjectionPlace> Norms()
    {
        var sizes = Clip.Block(isText: false);
        return [.. Modules.Select(module => module.Projections(sizes, module: null, Clip.ImageTokens).First(static place => place.Role == ProjectionRole.Norm))];
    }

    /// <summary>Multiply-accumulates of an image.</summary>
    /// <param name="width">The decoder's.</param>
    internal long Operations(int width)
    {
        var layers = new BlockList(Clip.Block(isText: false), Modules, Clip.ImageTokens, "image").Infos.Sum(static module => module.MultiplyAccumulates);
        return layers + ((long)Clip.PatchCount * 3 * Clip.PatchSize * Clip.PatchSize * Clip.Image.Width) + ((long)Tokens * InnerWidth * (Clip.Image.Width + width));
    }
}

/// <summary>W_B SiLU(W_A x + b_A) + b_B, [*, width of an image's token] to [*, the decoder's width].</summary>
internal sealed class LavinProjection : nn.Module<Tensor, Tensor>
{
    private readonly Linear conv_A, conv_B;

    internal LavinProjection(LavinConfig config, int width, Device device)
        : base(nameof(LavinProjection))
    {
        conv_A = nn.Linear(config.Clip.Image.Width, config.InnerWidth, device: device);
        conv_B = nn.Linear(config.InnerWidth, width, device: device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return conv_B.call(nn.functional.silu(conv_A.call(input))).MoveToOuterDisposeScope();
    }

    /// <summary>As LaVIN's authors start.</summary>
    internal void Initialise()
    {
        foreach (var linear in new[] { conv_A, conv_B })
        {
            nn.init.xavier_uniform_(linear.weight!);
            nn.init.zeros_(linear.bias!);
        }
    }
}

/// <summary>Images as tokens of texts.</summary>
/// <param name="config">Their sizes.</param>
/// <param name="tower">CLIP's; its norms before attention are places for a method's adapters.</param>
/// <param name="cache">What it gave before; null where that is not kept.</param>
internal sealed class LavinImages(LavinConfig config, ClipImage tower, FeatureCache? cache)
{
    private readonly IReadOnlyList<string> _norms = [.. config.Norms().Select(static place => place.Name)];

    // Once the weights are there.
    private readonly Lazy<string> _key = new(() => FeatureCache.KeyOf("lavin", tower));

    /// <summary>Whether what the tower gives depends on what a method trains.</summary>
    internal bool AreAdapted(Attachments attached) => _norms.Any(attached.Projections.ContainsKey);

    /// <summary>The tower alone: [images, 3, side, side] to [images, 6, its width].</summary>
    internal Tensor Encode(Tensor images)
    {
        using var unrecorded = no_grad();
        if (cache is null)
        {
            return Run(images, Attachments.None);
        }

        using var scope = NewDisposeScope();
        var rows = Enumerable.Range(0, (int)images.size(0)).Select(row => images.narrow(0, row, 1)).ToList();
        return cache.Rows(_key.Value, rows, LavinConfig.Tokens, missing => RowGroups.OfImages(missing, group => Run(group, Attachments.None))).MoveToOuterDisposeScope();
    }

    /// <summary>The same with what a method puts on it.</summary>
    internal Tensor Run(Tensor images, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var x = tower.pre_layrnorm.call(tower.embeddings.Embed(images, attached));
        var bias = zeros([x.size(0), 1, 1, x.size(1)], x.dtype, x.device);
        var classes = new List<Tensor>(); // [images, width], a layer each
        foreach (var module in config.Modules)
        {
            x = tower.encoder[module.Number].Run(module.Kind, x, bias, attached, tokens: null);
            classes.Add(x.select(1, 0));
        }

        return stack(config.Taken.Select(layer => classes[layer - 1]), 1).MoveToOuterDisposeScope();
    }

    /// <summary>Puts images' tokens into texts.</summary>
    /// <param name="words">[texts, tokens, width].</param>
    /// <param name="places">[texts, tokens], Bool: where a token of an image stands; 6 in a text, or none.</param>
    /// <param name="tokens">[images, 6, width]; texts of one image come one after the other.</param>
    /// <exception cref="DasSearchException">A text has room for more tokens or fewer.</exception>
    internal static Tensor Put(Tensor words, Tensor places, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var counts = places.sum([1]); // [texts]
        var shown = counts.gt(0).nonzero().squeeze(1); // the texts that have an image
        var wrong = counts.masked_select(counts.gt(0).logical_and(counts.ne(LavinConfig.Tokens)));
        if (wrong.numel() > 0)
        {
            throw new DasSearchException($"a text has room for {wrong[0].item<long>()} tokens of an image, expected {LavinConfig.Tokens}");
        }

        var texts = words.size(0) / tokens.size(0);
        var own = tokens.index_select(0, shown.div(texts, RoundingMode.floor)).to(words.dtype);
        return words.masked_scatter(places.unsqueeze(2), own).MoveToOuterDisposeScope();
    }
}
