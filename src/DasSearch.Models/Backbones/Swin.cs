using System.Globalization;
using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

// Swin: Liu et al., arXiv:2103.14030. From the smaller parts to the whole; fields are named as in the authors' code and timm.

/// <summary>Makes one token of each square of four, twice as wide: [batch, side², width] to [batch, side² / 4, 2 · width].</summary>
internal sealed class PatchMerging : nn.Module
{
    private readonly LayerNorm norm;
    private readonly Linear reduction;
    private readonly string _norm;
    private readonly long _side;

    internal PatchMerging(SwinConfig config, int stage, Device device)
        : base(nameof(PatchMerging))
    {
        (_norm, _side) = (SwinConfig.Merging(stage) + ".norm", config.SideOf(stage));
        long width = config.WidthOf(stage);
        norm = nn.LayerNorm(4 * width, SwinConfig.Eps, device: device);
        reduction = nn.Linear(4 * width, 2 * width, hasBias: false, device: device);
        RegisterComponents();
    }

    internal Tensor Run(Tensor x, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var half = _side / 2;
        var squares = x.reshape(x.size(0), half, 2, half, 2, x.size(2)); // rows of a square before its columns
        var joined = squares.permute(0, 1, 3, 4, 2, 5).reshape(x.size(0), half * half, 4 * x.size(2)); // which the code joins column by column
        return Layers.To(Layers.Apply(reduction, attached.Project(_norm, norm.call, joined)), x.dtype).MoveToOuterDisposeScope();
    }
}

/// <summary>Blocks of one width, and what makes tokens of the next stage of theirs.</summary>
internal sealed class SwinStage : nn.Module
{
    private readonly ModuleDict<PreNormBlock> blocks;
    private readonly PatchMerging? downsample; // none in the last stage

    internal SwinStage(SwinConfig config, int stage, IEnumerable<BlockModule> modules, BackboneRequest request)
        : base(nameof(SwinStage))
    {
        var (sizes, device, before) = (config.Block(stage), request.Device, config.Depths.Take(stage).Sum());
        blocks = nn.ModuleDict(modules.GroupBy(static module => module.Block).Select(block => (
            block.First().Number,
            new PreNormBlock(
                sizes,
                block.First().BlockName,
                [.. block.Select(static module => module.Kind)],
                device,
                place => new WindowAttention(sizes, place, config.SideOf(stage), isShifted: block.Key % 2 == 1, device),
                dropPath: DropPath.Of(request.DropPath, before + block.Key, config.Depths.Sum())))).ToArray());
        downsample = stage + 1 < config.Depths.Count ? new PatchMerging(config, stage, device) : null;
        RegisterComponents();
    }

    internal PatchMerging Merging => downsample!;

    /// <exception cref="ArgumentException">The block was not built.</exception>
    internal PreNormBlock Block(string number) => blocks.ContainsKey(number)
        ? blocks[number]
        : throw new ArgumentException($"Block {number} was not built: it was to be skipped.", nameof(number));
}

/// <summary>Swin as a backbone of images alone: pre-norm blocks over patches, whose attention is within windows, in stages of ever fewer and wider tokens.</summary>
/// <remarks>
/// Every block is a module that can be skipped, or its attention and its feed-forward part are. Merging of patches never is: it comes before the first
/// module of a stage, whether that is skipped or not. The summary is the mean of all tokens behind the last norm, [batch, width of the last stage]. Texts
/// are passed over.
/// </remarks>
public sealed class Swin : nn.Module, IBackbone
{
    private readonly Sequential patch_embed;
    private readonly ModuleDict<SwinStage> layers;
    private readonly LayerNorm norm;
    private readonly Dropout _dropout;
    private readonly IReadOnlyList<StagedModule> _modules;

    /// <summary>One with fresh weights.</summary>
    /// <param name="request">Its sizes and checkpoint are left aside.</param>
    public Swin(SwinConfig config, BackboneRequest request)
        : base(nameof(Swin))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(request);
        Config = config;
        var device = request.Device;
        patch_embed = nn.Sequential(
            ("proj", nn.Conv2d(3, config.Width, config.PatchSize, config.PatchSize, device: device)), ("norm", nn.LayerNorm(config.Width, SwinConfig.Eps, device: device)));
        _modules = [.. Enumerable.Range(0, config.Depths.Count).SelectMany(stage => config.Modules(stage, request.Granularity)
            .Select((module, i) => new StagedModule(stage, module, BeginsStage: i == 0 && stage > 0)))];
        var built = _modules.Where((_, i) => request.Absent?.Contains(i) != true).ToLookup(static module => module.Stage, static module => module.Module);
        layers = nn.ModuleDict(Enumerable.Range(0, config.Depths.Count)
            .Select(stage => (stage.ToString(CultureInfo.InvariantCulture), new SwinStage(config, stage, built[stage], request))).ToArray());
        norm = nn.LayerNorm(config.LastWidth, SwinConfig.Eps, device: device);
        _dropout = new Dropout(config.Dropout);
        RegisterComponents();
        Initialise();
        Description = SwinCosts.Describe(config, request.Granularity);
    }

    public SwinConfig Config { get; }

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <inheritdoc/>
    public string Title => $"A Swin (arXiv:2103.14030) of {string.Join(", ", Config.Depths)} blocks, from width {Config.Width} on, with windows of {Config.Window}×{Config.Window} tokens";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string> { ["dropout"] = Config.Dropout.ToString(CultureInfo.InvariantCulture) };

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    /// <remarks>Frozen: patches, normalised, [batch, patches, width], and a key bias of zeros.</remarks>
    public Embedded Embed(BackboneInput input, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(input.Images);
        ArgumentNullException.ThrowIfNull(attached);
        using var scope = NewDisposeScope();
        var patches = attached.Project(SwinConfig.Patches, images => ((Conv2d)patch_embed[0]).call(images).flatten(2).transpose(1, 2).contiguous(), input.Images);
        var tokens = attached.Project(SwinConfig.PatchNorm, ((LayerNorm)patch_embed[1]).call, patches);
        return new Embedded(
            [tokens.MoveToOuterDisposeScope(), NoBias(tokens).MoveToOuterDisposeScope()],
            frozen => new HiddenState([_dropout.call(frozen[0])], [frozen[1].alias()]));
    }

    /// <inheritdoc/>
    /// <remarks>All tokens are computed, whatever is wanted of them.</remarks>
    public HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(attached);
        var run = _modules[module];
        if (run.BeginsStage)
        {
            var merged = Stage(run.Stage - 1).Merging.Run(state.Streams[0], attached);
            state = new HiddenState([merged], [NoBias(merged)]);
        }

        var x = state.Streams[0];
        return state.With(skipped.Contains(module)
            ? attached.Replace(run.Module.Name, x, tokens: null)
            : Stage(run.Stage).Block(run.Module.Number).Run(run.Module.Kind, x, state.KeyBiases[0], attached, tokens: null));
    }

    /// <inheritdoc/>
    public Features Finish(HiddenState state, FeatureKind wanted, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(attached);
        var x = attached.Project(SwinConfig.LastNorm, norm.call, state.Streams[0]);
        return new Features([x], wanted != FeatureKind.Tokens ? x.mean([1L]) : null);
    }

    private SwinStage Stage(int stage) => layers[stage.ToString(CultureInfo.InvariantCulture)];

    // [batch, 1, 1, tokens]: nothing is padded.
    private static Tensor NoBias(Tensor x) => zeros([x.size(0), 1, 1, x.size(1)], x.dtype, x.device);

    // As the authors start: deviation 0.02, but for blocks' Linears, which a narrow network learns little from at that.
    private void Initialise()
    {
        foreach (var (name, parameter) in named_parameters())
        {
            _ = name switch
            {
                _ when name.EndsWith("bias", StringComparison.Ordinal) => nn.init.zeros_(parameter),
                _ when name.Contains("norm", StringComparison.Ordinal) => parameter,
                _ when parameter.dim() == 2 && !name.EndsWith(WindowAttention.Biases, StringComparison.Ordinal) => nn.init.xavier_normal_(parameter),
                _ => nn.init.normal_(parameter, std: 0.02),
            };
        }
    }

    private sealed record StagedModule(int Stage, BlockModule Module, bool BeginsStage);
}
