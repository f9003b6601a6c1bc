using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A parameter of a network, which need not be built.</summary>
public sealed record ParameterShape(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>How many numbers it has.</summary>
    public long Count => Shape.Aggregate(1L, static (product, size) => product * size);
}

/// <summary>The official checkpoints' names and sizes, and a ViLT for a task from such a file, or with fresh weights.</summary>
/// <remarks>
/// Sizes are read off the tensors' shapes; heads and dropout, which leave no trace there, come from the file's metadata
/// (<c>heads</c>, <c>dropout</c>), else from the settings, else heads are 64 wide and dropout is 0.1 as in the paper, which is told. A width
/// that is not so many times 64 leaves the heads unknown, since any divisor fits the weights.
/// </remarks>
public static class ViltCheckpoint
{
    internal const string Block = "transformer.blocks.";
    internal const string ImagePositions = "transformer.pos_embed";
    internal const string TextNorm = "text_embeddings.LayerNorm";
    internal const string LastNorm = "transformer.norm";
    internal const string Pooler = "pooler.dense";
    internal const string Patches = "transformer.patch_embed.proj";
    internal const int Segments = 2; // BERT's

    internal const string Words = "text_embeddings.word_embeddings.weight";
    private const string TextPositions = "text_embeddings.position_embeddings.weight";
    private const string TextSegments = "text_embeddings.token_type_embeddings.weight";
    internal const string Modalities = "token_type_embeddings.weight";
    internal const int HeadWidth = 64;

    /// <summary>Beginnings of the names of what every transfer method trains: the pooler, and both tables of token types.</summary>
    internal static IReadOnlyList<string> AlwaysTrained { get; } = ["pooler.", Modalities, TextSegments];

    /// <summary>The modules of a ViLT, in order of computation.</summary>
    public static IReadOnlyList<ModulePart> Modules(int blocks, Granularity granularity) =>
        [.. BlockModule.All(Block, blocks, granularity).Select(static module => new ModulePart(module.Name, module.Kind))];

    /// <summary>Every parameter of a ViLT without the skipped modules.</summary>
    public static IEnumerable<ParameterShape> Parameters(ViltConfig config, Granularity granularity, Subnetwork skipped)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(skipped);
        var layers = BlockModule.All(Block, config.Layers, granularity)
            .Where((_, i) => !skipped.Contains(i))
            .SelectMany(module => module.Parameters(config.Block));
        return Outside(config).Concat(layers);
    }

    /// <summary>The sizes that shapes and metadata of a checkpoint tell, where its layers and heads are known.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="shapes">The shape of each tensor; those of skipped blocks may be missing.</param>
    /// <exception cref="DasSearchException">They are no ViLT's.</exception>
    public static ViltConfig SizesOf(
        string path, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, IReadOnlyDictionary<string, string> metadata, int layers, int heads) =>
        Sizes(new CheckpointSource(path, ViltNames.Kind, shapes, metadata)) with { Layers = layers, Heads = heads };

    /// <summary>The sizes of what a checkpoint, or a request without one, gives.</summary>
    /// <exception cref="DasSearchException">The checkpoint cannot be read, is none of a ViLT, or does not fit task or settings.</exception>
    public static ViltConfig SizesOf(BackboneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var scope = NewDisposeScope();
        return Configure(request).Config;
    }

    /// <summary>The heads that are taken where nobody says how many there are: 64 wide; null where the width is not so many times 64.</summary>
    public static int? UsualHeads(int width) => width > 0 && width % HeadWidth == 0 ? width / HeadWidth : null;

    /// <summary>Every parameter outside the blocks, with its shape.</summary>
    internal static IEnumerable<ParameterShape> Outside(ViltConfig config)
    {
        long d = config.Width, patches = (long)config.PositionGrid * config.PositionGrid;
        return
        [
            new(Words, [config.Vocabulary, d]),
            new(TextPositions, [config.TextLength, d]),
            new(TextSegments, [Segments, d]),
            new(TextNorm + ".weight", [d]),
            new(TextNorm + ".bias", [d]),
            new(Modalities, [1 + config.ImagesPerSample, d]),
            new("transformer.cls_token", [1, 1, d]),
            new(ImagePositions, [1, 1 + patches, d]),
            new(Patches + ".weight", [d, 3, config.PatchSize, config.PatchSize]),
            new(Patches + ".bias", [d]),
            new(LastNorm + ".weight", [d]),
            new(LastNorm + ".bias", [d]),
            new(Pooler + ".weight", [d, d]),
            new(Pooler + ".bias", [d]),
        ];
    }

    /// <exception cref="DasSearchException">The checkpoint cannot be read, is none of a ViLT, or does not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request)
    {
        var (config, checkpoint) = Configure(request);
        var vilt = new Vilt(config, request);
        try
        {
            return new LoadedBackbone(vilt, checkpoint is null ? new Dictionary<string, Tensor>() : checkpoint.Fill(vilt));
        }
        catch
        {
            vilt.Dispose();
            throw;
        }
    }

    /// <summary>What <see cref="Load"/> would build.</summary>
    /// <exception cref="DasSearchException">The checkpoint cannot be read, is none of a ViLT, or does not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request) =>
        ViltCosts.Describe(SizesOf(request), request.Input, request.Granularity);

    private static (ViltConfig Config, CheckpointSource? Checkpoint) Configure(BackboneRequest request)
    {
        var checkpoint = request.Checkpoint is { } path ? CheckpointSource.Read(path, ViltNames.Kind) : null;
        var config = checkpoint is null ? Fresh(request) : Agreed(Sizes(checkpoint), request, checkpoint);
        Fit(config, request.Input, checkpoint);
        var modules = BlockModule.All(Block, config.Layers, request.Granularity).Count;
        request.CheckPlanned(modules, config.Layers);
        config = config with { ImagesPerSample = request.Input.Images };
        if (checkpoint is not null)
        {
            // Before anything is built: sizes that one tensor claims, another may not have.
            var whole = new Subnetwork(modules, []);
            var leftOut = checkpoint.Check(
                Parameters(config, request.Granularity, request.Absent ?? whole), Parameters(config, request.Granularity, whole).Select(static known => known.Name));
            if (leftOut is not null)
            {
                request.Note(leftOut);
            }
        }

        return (config, checkpoint);
    }

    private static ViltConfig Fresh(BackboneRequest request)
    {
        var (usual, wanted, input) = (new ViltConfig(), request.Sizes, request.Input);
        var patch = wanted.PatchSize ?? usual.PatchSize;
        var width = wanted.Width ?? usual.Width;
        return usual with
        {
            Vocabulary = input.Vocabulary,
            TextLength = request.TextRows ?? Math.Max(input.TextLength, usual.TextLength),
            Width = width,
            Layers = wanted.Layers ?? usual.Layers,
            Heads = wanted.Heads ?? UsualHeads(width) ?? throw new ConfigException(
                "model.heads", $"must be set, since model.width, {width}, is not so many times {HeadWidth}, the usual width of a head"),
            PatchSize = patch,
            PositionGrid = Math.Max(input.ImageHeight / patch, 1),
            Dropout = wanted.Dropout ?? usual.Dropout,
        };
    }

    private static ViltConfig Agreed(ViltConfig found, BackboneRequest request, CheckpointSource source)
    {
        var (wanted, heads, dropout) = (request.Sizes, source.Count("heads"), source.Probability("dropout"));
        var agreed = found with
        {
            Width = source.Agreed("model.width", wanted.Width, found.Width),
            Layers = source.Agreed("model.layers", wanted.Layers, source.Layers(Block)),
            Heads = source.Heads(wanted.Heads, found.Width),
            Dropout = dropout is { } sure ? source.Agreed("model.dropout", wanted.Dropout, sure) : wanted.Dropout ?? found.Dropout,
            PatchSize = source.Agreed("model.patch_size", wanted.PatchSize, found.PatchSize),
        };
        string?[] taken =
        [
            heads is null && wanted.Heads is null ? $"{agreed.Heads} heads, each {HeadWidth} wide (model.heads says otherwise)" : null,
            dropout is null && wanted.Dropout is null
                ? string.Create(CultureInfo.InvariantCulture, $"dropout {agreed.Dropout} (model.dropout says otherwise)")
                : null,
        ];
        if (taken.Any(static one => one is not null))
        {
            request.Note($"{source.Name} does not say, and so is taken to have, {string.Join(" and ", taken.OfType<string>())}");
        }

        return agreed;
    }

    // All but layers, heads and dropout.
    private static ViltConfig Sizes(CheckpointSource source)
    {
        var words = source.Shape(Words, 2);
        var patches = source.Shape(Patches + ".weight", 4);
        var positions = source.Shape(ImagePositions, 3);
        var grid = (int)Math.Sqrt(positions[1] - 1);
        if ((grid * grid) + 1 != positions[1])
        {
            throw source.Wrong($"{ImagePositions} has {positions[1]} rows, expected one and a square number of them");
        }

        var width = (int)words[1];
        var linears = source.Shapes.Keys.Select(BlockModule.LinearOf).OfType<string>().Distinct(StringComparer.Ordinal);
        var ranks = LowRank.RanksOf(source, linears);
        return new ViltConfig
        {
            Vocabulary = (int)words[0],
            TextLength = (int)source.Shape(TextPositions, 2)[0],
            Width = width,
            FeedForwardRatio = Ratio(source, width),
            PatchSize = (int)patches[2],
            PositionGrid = grid,
            Ranks = ranks.Count > 0 ? ranks : new ViltConfig().Ranks,
        };
    }

    private static int Ratio(CheckpointSource source, int width)
    {
        // Of the first block that has one: a trained network may be without some.
        var name = source.Shapes.Keys
            .Where(static name => BlockModule.LinearOf(name)?.EndsWith(".mlp.fc1", StringComparison.Ordinal) == true && (name.EndsWith("fc1.weight", StringComparison.Ordinal) || name.EndsWith(".1.weight", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        var inner = name is null ? (long)new ViltConfig().FeedForwardRatio * width : source.Shape(name, 2)[0];
        return inner % width == 0
            ? (int)(inner / width)
            : throw source.Wrong($"has a feed-forward part of width {inner}, expected a multiple of the width, {width}");
    }

    private static void Fit(ViltConfig config, InputShape input, CheckpointSource? source)
    {
        string? problem = null;
        if (config.Vocabulary != input.Vocabulary)
        {
            problem = $"has {config.Vocabulary} words, the task's tokenizer has {input.Vocabulary}";
        }
        else if (config.TextLength < input.TextLength)
        {
            problem = $"reads texts of at most {config.TextLength} tokens, the task's have {input.TextLength}";
        }
        else if (input.Images == 0)
        {
            problem = "reads images, and the task has none";
        }
        else if (input.ImageHeight % config.PatchSize != 0 || input.ImageWidth % config.PatchSize != 0)
        {
            problem = source is not null
                ? $"has patches of {config.PatchSize} pixels, which do not divide images of {input.ImageHeight}×{input.ImageWidth}"
                : throw new ConfigException("model.patch_size", $"must divide the images' {input.ImageHeight}×{input.ImageWidth} pixels, not {config.PatchSize}");
        }
        else if (config.Width % config.Heads != 0)
        {
            problem = $"has a width of {config.Width}, which its {config.Heads} heads do not divide: set model.heads";
        }

        if (problem is not null)
        {
            throw source?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the backbone {problem}");
        }
    }
}
