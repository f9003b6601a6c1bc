using System.Globalization;
using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>ViT (Dosovitskiy et al., arXiv:2010.11929) as a backbone of images alone: pre-norm blocks over a class token and patches; DeiT's are the same.</summary>
/// <remarks>
/// Every block is a module that can be skipped, or its attention and its feed-forward part are; embeddings and last norm are not. The summary is the
/// class token behind the last norm [batch, width]; where there is a distillation token (arXiv:2012.12877), both of them side by side, so that one Linear
/// on it can be the mean of DeiT's two classifiers. Fields are named as in timm. Texts are passed over.
/// </remarks>
public sealed class Vit : nn.Module, IBackbone
{
    private readonly Parameter cls_token, pos_embed;
    private readonly Parameter? dist_token;
    private readonly Sequential patch_embed;
    private readonly ModuleDict<PreNormBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Dropout _dropout;
    private readonly IReadOnlyList<BlockModule> _modules;

    /// <summary>One with fresh weights.</summary>
    /// <param name="request">Its sizes and checkpoint are left aside.</param>
    public Vit(VitConfig config, BackboneRequest request)
        : base(nameof(Vit))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(request);
        Config = config;
        var device = request.Device;
        cls_token = new Parameter(zeros(1, 1, config.Width, device: device));
        dist_token = config.HasDistillation ? new Parameter(zeros(1, 1, config.Width, device: device)) : null;
        pos_embed = new Parameter(zeros(1, config.HasPatchPositionsOnly ? config.PatchCount : config.Tokens, config.Width, device: device));
        patch_embed = nn.Sequential(("proj", nn.Conv2d(3, config.Width, config.PatchSize, config.PatchSize, device: device)));
        _modules = BlockModule.All(VitConfig.Blocks, config.Layers, request.Granularity);
        blocks = nn.ModuleDict(_modules.Where((_, i) => request.Absent?.Contains(i) != true).GroupBy(static module => module.Block).Select(block => (
            block.First().Number,
            new PreNormBlock(
                config.Block,
                block.First().BlockName,
                [.. block.Select(static module => module.Kind)],
                device,
                dropPath: DropPath.Of(request.DropPath, block.Key, config.Layers)))).ToArray());
        norm = nn.LayerNorm(config.Width, PreNormBlock.Eps, device: device);
        _dropout = new Dropout(config.Dropout);
        RegisterComponents();
        Initialise();
        Description = VitCosts.Describe(config, request.Granularity);
    }

    public VitConfig Config { get; }

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <inheritdoc/>
    public string Title =>
        $"A ViT (arXiv:2010.11929) of {Config.Layers} layers, width {Config.Width}, {Config.Heads} heads and patches of {Config.PatchSize}×{Config.PatchSize} pixels";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        ["heads"] = Config.Heads.ToString(CultureInfo.InvariantCulture),
        ["dropout"] = Config.Dropout.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    /// <remarks>Frozen: tokens at their places [batch, first tokens + patches, width], and a key bias of zeros.</remarks>
    public Embedded Embed(BackboneInput input, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(input.Images);
        ArgumentNullException.ThrowIfNull(attached);
        using var scope = NewDisposeScope();
        var patches = attached.Project(VitConfig.Patches, Patches, input.Images); // [batch, patches, width]
        var first = dist_token is null ? (Tensor)cls_token : cat([cls_token, dist_token], 1);
        var own = first.expand(patches.size(0), -1, -1);
        var tokens = Config.HasPatchPositionsOnly ? cat([own, patches + pos_embed], 1) : cat([own, patches], 1) + pos_embed;
        var bias = zeros([tokens.size(0), 1, 1, tokens.size(1)], tokens.dtype, tokens.device);
        return new Embedded(
            [tokens.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope()],
            frozen => new HiddenState([_dropout.call(frozen[0])], [frozen[1].alias()]));
    }

    /// <inheritdoc/>
    public HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(attached);
        var (x, run) = (state.Streams[0], _modules[module]);
        return state.With(skipped.Contains(module)
            ? attached.Replace(run.Name, x, tokens)
            : Block(run.Number).Run(run.Kind, x, state.KeyBiases[0], attached, tokens));
    }

    /// <inheritdoc/>
    public Features Finish(HiddenState state, FeatureKind wanted, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(attached);
        var read = wanted == FeatureKind.Summary ? state.Streams[0].narrow(1, 0, Config.FirstTokens) : state.Streams[0];
        var x = attached.Project(VitConfig.LastNorm, norm.call, read);
        return new Features([x], wanted != FeatureKind.Tokens ? x.narrow(1, 0, Config.FirstTokens).flatten(1) : null);
    }

    private PreNormBlock Block(string number) => blocks.ContainsKey(number)
        ? blocks[number]
        : throw new ArgumentException($"Block {number} was not built: it was to be skipped.", nameof(number));

    private Tensor Patches(Tensor images) => patch_embed.call(images).flatten(2).transpose(1, 2);

    // As timm starts: deviation 0.02, but for blocks' Linears, which a narrow network learns little from at that.
    private void Initialise()
    {
        foreach (var (name, parameter) in named_parameters())
        {
            _ = name switch
            {
                _ when name.EndsWith("bias", StringComparison.Ordinal) => nn.init.zeros_(parameter),
                _ when name.Contains("norm", StringComparison.Ordinal) || name.EndsWith("gamma", StringComparison.Ordinal) => parameter,
                _ when name.StartsWith(VitConfig.Blocks, StringComparison.Ordinal) => nn.init.xavier_normal_(parameter),
                _ => nn.init.normal_(parameter, std: 0.02),
            };
        }
    }
}
