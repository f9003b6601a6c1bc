using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>The part that the official checkpoints call "transformer": patches, positions, blocks and the last norm.</summary>
internal sealed class ViltVision : nn.Module
{
    private const double Eps = 1e-6;

    private readonly Parameter cls_token;
    private readonly Parameter pos_embed;
    private readonly PatchEmbedding patch_embed;
    private readonly Blocks blocks;
    private readonly LayerNorm norm;
    private readonly Dropout _dropout;
    private readonly int _grid;

    /// <param name="config">The sizes.</param>
    /// <param name="parts">The modules to build; a block none of which is built is left out.</param>
    /// <param name="device">Where the parameters live.</param>
    internal ViltVision(ViltConfig config, IEnumerable<ViltPart> parts, Device device)
        : base(nameof(ViltVision))
    {
        _grid = config.PositionGrid;
        cls_token = new Parameter(zeros(1, 1, config.Width, device: device));
        pos_embed = new Parameter(zeros(1, 1 + (_grid * _grid), config.Width, device: device));
        patch_embed = new PatchEmbedding(config, device);
        blocks = new Blocks(config, parts, device);
        norm = nn.LayerNorm(config.Width, Eps, device: device);
        _dropout = nn.Dropout(config.Dropout);
        RegisterComponents();
    }

    /// <exception cref="ArgumentException">The block was not built.</exception>
    internal ViltBlock Block(int index) => blocks[index];

    internal Tensor Normalise(Tensor x) => norm.call(x);

    /// <summary>Dropout on what <see cref="Embed"/> gave.</summary>
    internal Tensor Drop(Tensor tokens) => _dropout.call(tokens);

    /// <summary>[batch, 3, height, width] to tokens [batch, 1 + patches, width] and their mask [batch, 1 + patches].</summary>
    internal (Tensor Tokens, Tensor Mask) Embed(Tensor images, Tensor? pixelMask)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embed.call(images); // [batch, width, rows, columns]
        var (batch, rows, columns) = (patches.size(0), patches.size(2), patches.size(3));
        var patchMask = pixelMask is null ? null : AtPatches(pixelMask, rows, columns);
        var tokens = patches.flatten(2).transpose(1, 2) + PatchPositions(patchMask, rows, columns);
        var first = (cls_token + pos_embed.narrow(1, 0, 1)).expand(batch, 1, -1);
        var all = cat([first, tokens], 1);
        var firstMask = ones(batch, 1, ScalarType.Bool, images.device);
        var mask = patchMask is null
            ? ones(batch, 1 + (rows * columns), ScalarType.Bool, images.device)
            : cat([firstMask, patchMask.flatten(1)], 1);
        return (all.MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope());
    }

    private static Tensor AtPatches(Tensor pixelMask, long rows, long columns)
    {
        var (down, across) = (pixelMask.size(1) / rows, pixelMask.size(2) / columns);
        return pixelMask.slice(1, 0, rows * down, down).slice(2, 0, columns * across, across);
    }

    // The table is resized to each image's own patches, not to the padded batch's; padding gets no position.
    private Tensor PatchPositions(Tensor? patchMask, long rows, long columns)
    {
        var table = pos_embed.narrow(1, 1, _grid * _grid).transpose(1, 2).unflatten(2, _grid, _grid); // [1, width, grid, grid]
        if (patchMask is null)
        {
            return Resized(table, rows, columns).flatten(2).transpose(1, 2);
        }

        var counts = patchMask.@long();
        var heights = counts.narrow(2, 0, 1).sum(1, 2).data<long>().ToArray();
        var widths = counts.narrow(1, 0, 1).sum(1, 2).data<long>().ToArray();
        var positions = heights.Zip(widths, (height, width) => nn.functional.pad(
            Resized(table, Math.Max(height, 1), Math.Max(width, 1)),
            (0L, columns - Math.Max(width, 1), 0L, rows - Math.Max(height, 1))));
        return cat([.. positions]).flatten(2).transpose(1, 2);
    }

    private Tensor Resized(Tensor table, long rows, long columns) => rows == _grid && columns == _grid
        ? table
        : nn.functional.interpolate(table, [rows, columns], mode: InterpolationMode.Bilinear, align_corners: true);

    /// <summary>The blocks under their numbers, of which some may be missing.</summary>
    private sealed class Blocks : nn.Module
    {
        private readonly ViltBlock?[] _blocks;

        internal Blocks(ViltConfig config, IEnumerable<ViltPart> parts, Device device)
            : base(nameof(Blocks))
        {
            _blocks = new ViltBlock?[config.Layers];
            foreach (var block in parts.GroupBy(static part => part.Block, static part => part.Kind))
            {
                _blocks[block.Key] = new ViltBlock(config, [.. block], device);
                register_module(block.Key.ToString(CultureInfo.InvariantCulture), _blocks[block.Key]!);
            }
        }

        internal ViltBlock this[int index] =>
            _blocks[index] ?? throw new ArgumentException($"Block {index} was not built: it was to be skipped.", nameof(index));
    }

    /// <summary>Cuts images into patches and projects each: [batch, 3, height, width] to [batch, width, rows, columns].</summary>
    private sealed class PatchEmbedding : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d proj;

        internal PatchEmbedding(ViltConfig config, Device device)
            : base(nameof(PatchEmbedding))
        {
            proj = nn.Conv2d(3, config.Width, config.PatchSize, config.PatchSize, device: device);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => proj.call(input);
    }
}
