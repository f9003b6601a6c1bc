using System.Globalization;
using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

// ViLT: Kim et al., arXiv:2102.03334. From the smaller parts to the whole, blocks in a file of their own; fields are named as in the official checkpoints.

/// <summary>The part that the official checkpoints call "transformer": patches, positions, blocks and the last norm.</summary>
internal sealed class ViltTransformer : nn.Module
{
    private readonly Parameter cls_token, pos_embed;
    private readonly Sequential patch_embed;
    private readonly ModuleDict<PreNormBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Dropout _dropout;
    private readonly int _grid, _patch;

    internal ViltTransformer(ViltConfig config, IEnumerable<BlockModule> modules, Device device)
        : base(nameof(ViltTransformer))
    {
        (_grid, _patch) = (config.PositionGrid, config.PatchSize);
        cls_token = new Parameter(zeros(1, 1, config.Width, device: device));
        pos_embed = new Parameter(zeros(1, 1 + (_grid * _grid), config.Width, device: device));
        patch_embed = nn.Sequential(("proj", nn.Conv2d(3, config.Width, config.PatchSize, config.PatchSize, device: device)));
        blocks = nn.ModuleDict(modules.GroupBy(static module => module.Block).Select(block => (
            block.Key.ToString(CultureInfo.InvariantCulture),
            new PreNormBlock(config.Block, block.First().BlockName, [.. block.Select(static module => module.Kind)], device))).ToArray());
        norm = nn.LayerNorm(config.Width, PreNormBlock.Eps, device: device);
        _dropout = new Dropout(config.Dropout);
        RegisterComponents();
    }

    /// <exception cref="ArgumentException">The block was not built.</exception>
    internal PreNormBlock Block(string number) => blocks.ContainsKey(number)
        ? blocks[number]
        : throw new ArgumentException($"Block {number} was not built: it was to be skipped.", nameof(number));

    internal Tensor Norm(Tensor x) => norm.call(x);

    internal Tensor Drop(Tensor tokens) => _dropout.call(tokens);

    /// <summary>[batch, 3, height, width] to tokens [batch, 1 + patches, width] and their mask [batch, 1 + patches].</summary>
    internal (Tensor Tokens, Tensor Mask) Embed(Tensor images, Tensor? pixelMask, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var (batch, rows, columns) = (images.size(0), images.size(2) / _patch, images.size(3) / _patch);
        var patches = attached.Project(ViltCheckpoint.Patches, Patches, images); // [batch, patches, width]
        var patchMask = pixelMask is null ? null : AtPatches(pixelMask, rows, columns); // [batch, rows, columns]
        var tokens = patches + PatchPositions(patchMask, rows, columns);
        var first = (cls_token + pos_embed.narrow(1, 0, 1)).expand(batch, 1, -1);
        var all = cat([first, tokens], 1);
        var mask = patchMask is null
            ? ones(batch, 1 + (rows * columns), ScalarType.Bool, images.device)
            : cat([ones(batch, 1, ScalarType.Bool, images.device), patchMask.flatten(1)], 1);
        return (all.MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope());
    }

    private Tensor Patches(Tensor images) => patch_embed.call(images).flatten(2).transpose(1, 2);

    private static Tensor AtPatches(Tensor pixelMask, long rows, long columns)
    {
        var (down, across) = (pixelMask.size(1) / rows, pixelMask.size(2) / columns);
        return pixelMask.slice(1, 0, rows * down, down).slice(2, 0, columns * across, across);
    }

    // The table is resized to each image's own patches, not to the padded batch's; padding gets no position.
    private Tensor PatchPositions(Tensor? patchMask, long rows, long columns)
    {
        if (patchMask is null)
        {
            return Vilt.ResizePositions(pos_embed, rows, columns);
        }

        var table = pos_embed.narrow(1, 1, _grid * _grid).transpose(1, 2).unflatten(2, _grid, _grid); // [1, width, grid, grid]
        var counts = patchMask.@long();
        var heights = counts.narrow(2, 0, 1).sum(1, 2).cpu().data<long>().ToArray();
        var widths = counts.narrow(1, 0, 1).sum(1, 2).cpu().data<long>().ToArray();
        var positions = heights.Zip(widths, (height, width) => nn.functional.pad(
            Resized(table, Math.Max(height, 1), Math.Max(width, 1)),
            (0L, columns - Math.Max(width, 1), 0L, rows - Math.Max(height, 1))));
        return cat([.. positions]).flatten(2).transpose(1, 2); // [batch, patches, width]
    }

    internal static Tensor Resized(Tensor table, long rows, long columns) => rows == table.size(2) && columns == table.size(3)
        ? table
        : nn.functional.interpolate(table, [rows, columns], mode: InterpolationMode.Bilinear, align_corners: true);
}

/// <summary>BERT's embeddings: word + position + segment, normalised.</summary>
internal sealed class ViltTextEmbeddings : nn.Module
{
    private readonly Embedding word_embeddings, position_embeddings, token_type_embeddings;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout _dropout;
    private readonly int _length;

    internal ViltTextEmbeddings(ViltConfig config, Device device)
        : base(nameof(ViltTextEmbeddings))
    {
        _length = config.TextLength;
        word_embeddings = nn.Embedding(config.Vocabulary, config.Width, device: device);
        position_embeddings = nn.Embedding(config.TextLength, config.Width, device: device);
        token_type_embeddings = nn.Embedding(ViltCheckpoint.Segments, config.Width, device: device);
        LayerNorm = nn.LayerNorm(config.Width, 1e-12, device: device);
        _dropout = new Dropout(config.Dropout);
        RegisterComponents();
    }

    /// <summary>Words at their positions: [batch, tokens] to [batch, tokens, width].</summary>
    /// <exception cref="ArgumentException">The text is longer than the position table.</exception>
    internal Tensor Words(Tensor ids)
    {
        if (ids.size(1) > _length)
        {
            throw new ArgumentException($"Texts have at most {_length} tokens, got {ids.size(1)}.", nameof(ids));
        }

        using var scope = NewDisposeScope();
        var positions = arange(ids.size(1), device: ids.device);
        return (word_embeddings.call(ids) + position_embeddings.call(positions)).MoveToOuterDisposeScope();
    }

    /// <summary>Adds the first segment, and normalises.</summary>
    internal Tensor Complete(Tensor words, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var segments = zeros(words.size(0), words.size(1), ScalarType.Int64, words.device);
        var sum = words + token_type_embeddings.call(segments);
        return _dropout.call(attached.Project(ViltCheckpoint.TextNorm, LayerNorm.call, sum)).MoveToOuterDisposeScope();
    }
}

/// <summary>ViLT: one Transformer over the tokens of a text and the patches of an image, text first.</summary>
/// <remarks>
/// Every block is a module that can be skipped, or its attention and its feed-forward part are; embeddings, last norm and pooler are not.
/// </remarks>
public sealed class Vilt : nn.Module, IBackbone
{
    private readonly ViltTextEmbeddings text_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly ViltTransformer transformer;
    private readonly Sequential pooler;
    private readonly IReadOnlyList<BlockModule> _modules;

    /// <summary>A ViLT with fresh weights.</summary>
    /// <param name="request">Its sizes and checkpoint are left aside.</param>
    public Vilt(ViltConfig config, BackboneRequest request)
        : base(nameof(Vilt))
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        text_embeddings = new ViltTextEmbeddings(config, request.Device);
        token_type_embeddings = nn.Embedding(1 + config.ImagesPerSample, config.Width, device: request.Device);
        _modules = BlockModule.All(ViltCheckpoint.Block, config.Layers, request.Granularity);
        transformer = new ViltTransformer(config, _modules.Where((_, i) => request.Absent?.Contains(i) != true), request.Device);
        pooler = nn.Sequential(("dense", nn.Linear(config.Width, config.Width, device: request.Device)));
        RegisterComponents();
        Initialise();
        Description = ViltCosts.Describe(config, request.Input, request.Granularity);
    }

    public ViltConfig Config { get; }

    /// <summary>Positions [1, 1 + grid · grid, width], without the first, for so many patches: [1, rows · columns, width], bilinear.</summary>
    public static Tensor ResizePositions(Tensor positions, long rows, long columns)
    {
        ArgumentNullException.ThrowIfNull(positions);
        using var scope = NewDisposeScope();
        var grid = (long)Math.Sqrt(positions.size(1) - 1);
        var table = positions.narrow(1, 1, grid * grid).transpose(1, 2).unflatten(2, grid, grid); // [1, width, grid, grid]
        return ViltTransformer.Resized(table, rows, columns).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <inheritdoc/>
    public string Title =>
        $"A ViLT (arXiv:2102.03334) of {Config.Layers} layers, width {Config.Width}, {Config.Heads} heads and patches of {Config.PatchSize}×{Config.PatchSize} pixels";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        ["heads"] = Config.Heads.ToString(CultureInfo.InvariantCulture),
        ["patch_size"] = Config.PatchSize.ToString(CultureInfo.InvariantCulture),
        ["dropout"] = Config.Dropout.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    /// <remarks>Frozen: words at their places [batch, tokens, width], patches at theirs [batch, 1 + patches, width], and the key bias.</remarks>
    public Embedded Embed(BackboneInput input, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(input.Images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(input.ImageNumber);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.ImageNumber, Config.ImagesPerSample);
        using var scope = NewDisposeScope();
        var words = text_embeddings.Words(input.TokenIds);
        var (patches, mask) = transformer.Embed(input.Images, input.PixelMask, attached);
        var keys = cat([input.TextMask, mask], 1); // [batch, tokens]
        var bias = Layers.KeyBias(keys, patches.dtype);
        var number = input.ImageNumber;
        return new Embedded(
            [words.MoveToOuterDisposeScope(), patches.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope()],
            frozen => Complete(frozen, number, attached));
    }

    /// <inheritdoc/>
    public HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(skipped);
        var (x, part) = (state.Streams[0], _modules[module]);
        if (!skipped.Contains(module))
        {
            return state.With(transformer.Block(part.Number).Run(part.Kind, x, state.KeyBiases[0], attached, tokens));
        }

        return state.With(attached.Replace(part.Name, x, tokens));
    }

    /// <inheritdoc/>
    public Features Finish(HiddenState state, FeatureKind wanted, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(attached);
        var read = wanted == FeatureKind.Summary ? state.Streams[0].narrow(1, 0, 1) : state.Streams[0];
        var x = attached.Project(ViltCheckpoint.LastNorm, transformer.Norm, read);
        return new Features([x], wanted != FeatureKind.Tokens ? Pool(x.select(1, 0), attached) : null);
    }

    // tanh(W · first token + b): [batch, width] to the same.
    private Tensor Pool(Tensor first, Attachments attached) =>
        Layers.To(attached.Project(ViltCheckpoint.Pooler, input => Layers.Apply((Linear)pooler[0], input), first), first.dtype).tanh();

    private HiddenState Complete(IReadOnlyList<Tensor> frozen, int imageNumber, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var text = text_embeddings.Complete(frozen[0], attached) + Modality(0);
        var image = transformer.Drop(frozen[1]) + Modality(imageNumber);
        return new HiddenState([cat([text, image], 1).MoveToOuterDisposeScope()], [frozen[2].alias().MoveToOuterDisposeScope()]);
    }

    private Tensor Modality(int row) => token_type_embeddings.weight!.narrow(0, row, 1); // [1, width], broadcast

    // The official code starts from a trained ViT, and draws everything with deviation 0.02 where there is none. A narrow model barely
    // learns from that: what its blocks add to the residual is too small (at width 768, 0.02 is about Glorot's), and patches are told
    // from each other by what they show alone, so that it finds out what there is and not where. Positions start about as large as
    // what a patch shows.
    private void Initialise()
    {
        foreach (var (name, parameter) in named_parameters())
        {
            _ = name switch
            {
                _ when name.EndsWith("bias", StringComparison.Ordinal) => nn.init.zeros_(parameter),
                _ when name.StartsWith(ViltCheckpoint.Block, StringComparison.Ordinal) && parameter.dim() == 2 => nn.init.xavier_normal_(parameter),
                ViltCheckpoint.ImagePositions => nn.init.normal_(parameter, std: 0.7),
                _ when name.Contains("norm", StringComparison.OrdinalIgnoreCase) => parameter,
                _ => nn.init.normal_(parameter, std: 0.02),
            };
        }
    }
}
