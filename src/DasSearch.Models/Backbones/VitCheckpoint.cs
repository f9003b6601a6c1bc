using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A ViT or DeiT for a task, with a checkpoint's weights or with fresh ones.</summary>
/// <remarks>
/// Sizes are those of the tensors; heads are those of the file's metadata or of a JAX file's shapes, else of the settings, else 64 wide, and dropout is 0
/// unless somebody says otherwise. A position table of another side is resized, bicubic. Classifiers are handed on: see <see cref="LoadedBackbone.Rest"/>.
/// </remarks>
internal static class VitCheckpoint
{
    /// <summary>ImageNet's mean and deviation, as DeiT's code and SCT's for ViT-B/16 have them, at 224 pixels.</summary>
    internal static ImageStyle Style { get; } = new(224, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request)
    {
        var (config, source) = Configure(request);
        var vit = new Vit(config, request);
        try
        {
            return new LoadedBackbone(vit, source is null ? new Dictionary<string, Tensor>() : Classifier(source.Fill(vit), config));
        }
        catch
        {
            vit.Dispose();
            throw;
        }
    }

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request)
    {
        using var scope = NewDisposeScope();
        return VitCosts.Describe(Configure(request).Config, request.Granularity);
    }

    // The mean of both of DeiT's classifiers is one Linear on both tokens.
    private static Dictionary<string, Tensor> Classifier(Dictionary<string, Tensor> rest, VitConfig config)
    {
        const string Weight = VitConfig.Head + ".weight", Bias = VitConfig.Head + ".bias";
        const string OtherWeight = VitConfig.DistillationHead + ".weight", OtherBias = VitConfig.DistillationHead + ".bias";
        if (config.HasDistillation && rest.Remove(OtherWeight, out var other) && rest.Remove(OtherBias, out var otherBias)
            && rest.TryGetValue(Weight, out var weight) && rest.TryGetValue(Bias, out var bias)
            && weight.dim() == 2 && weight.shape.SequenceEqual(other.shape) && bias.shape.SequenceEqual(otherBias.shape))
        {
            rest[Weight] = cat([weight, other], 1) / 2;
            rest[Bias] = (bias + otherBias) / 2;
        }

        return rest;
    }

    /// <summary>The reverse, where there is one Linear on both tokens: DeiT's two classifiers, whose mean it is, under their names.</summary>
    internal static void DivideClassifier(Dictionary<string, Tensor> tensors)
    {
        const string Weight = VitConfig.Head + ".weight", Bias = VitConfig.Head + ".bias";
        if (tensors.TryGetValue(VitConfig.DistillationToken, out var token) && tensors.TryGetValue(Weight, out var both) && both.size(1) == 2 * token.size(2))
        {
            var parts = (both * 2).chunk(2, 1); // [classes, width] each
            (tensors[Weight], tensors[VitConfig.DistillationHead + ".weight"]) = (parts[0], parts[1]);
            tensors[VitConfig.DistillationHead + ".bias"] = tensors[Bias];
        }
    }

    private static (VitConfig Config, CheckpointSource? Source) Configure(BackboneRequest request)
    {
        var (wanted, input) = (request.Sizes, request.Input);
        var source = request.Checkpoint is { } path ? CheckpointSource.Read(path, VitNames.Kind) : null;
        var config = (source is null ? Fresh(wanted) : Of(source, request)) with { Side = input.ImageHeight };
        var problem = input.Images == 0 ? "reads images, and the task has none"
            : input.ImageHeight != input.ImageWidth ? $"reads square images, and the task's are of {input.ImageHeight}×{input.ImageWidth} pixels"
            : config.Side % config.PatchSize != 0 ? $"has patches of {config.PatchSize} pixels, which do not divide images of {config.Side}: data.side and model.patch_size say how large they are"
            : config.Width % config.Heads != 0 ? $"has a width of {config.Width}, which its {config.Heads} heads do not divide: set model.heads"
            : null;
        if (problem is not null)
        {
            throw source?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the backbone {problem}");
        }

        var modules = BlockModule.All(VitConfig.Blocks, config.Layers, request.Granularity);
        request.CheckPlanned(modules.Count, config.Layers);
        var blocks = modules.SelectMany((module, i) => module.Parameters(config.Block).Select(shape => (Module: i, Shape: shape))).ToList();
        var needed = config.Outside().Concat(blocks.Where(own => request.Absent?.Contains(own.Module) != true).Select(static own => own.Shape));
        if (source?.Check(needed, blocks.Select(static own => own.Shape.Name)) is { } leftOut)
        {
            request.Note(leftOut);
        }

        return (config, source);
    }

    private static VitConfig Fresh(ModelConfig wanted)
    {
        var usual = new VitConfig();
        var width = wanted.Width ?? usual.Width;
        return usual with
        {
            Width = width,
            InnerWidth = 4 * width,
            Layers = wanted.Layers ?? usual.Layers,
            Heads = wanted.Heads ?? ViltCheckpoint.UsualHeads(width) ?? throw new ConfigException(
                "model.heads", $"must be set, since model.width, {width}, is not so many times {ViltCheckpoint.HeadWidth}, the usual width of a head"),
            PatchSize = wanted.PatchSize ?? usual.PatchSize,
            Dropout = wanted.Dropout ?? usual.Dropout,
        };
    }

    private static VitConfig Of(CheckpointSource source, BackboneRequest request)
    {
        var (wanted, usual) = (request.Sizes, new VitConfig());
        var patches = source.Shape(VitConfig.Patches + ".weight", 4);
        var positions = source.Shape(VitConfig.Positions, 3)[1];
        var (width, first) = ((int)patches[0], source.Shapes.ContainsKey(VitConfig.DistillationToken) ? 2 : 1);
        var layers = request.Absent is { } absent
            ? source.Layers(VitConfig.Blocks, request.Granularity == Granularity.Layers ? absent.Modules : absent.Modules / 2)
            : source.Layers(VitConfig.Blocks);
        var linears = BlockModule.All(VitConfig.Blocks, layers, Granularity.Layers).SelectMany(module => module.Projections(usual.Block, module: null, tokens: 0))
            .Where(static place => place.Role != ProjectionRole.Norm).Select(static place => place.Name).ToList();
        if (!IsSquare(positions - first) && !IsSquare(positions))
        {
            throw source.Wrong($"has {VitConfig.Positions} of {positions} rows, expected a square number of them, or {first} more");
        }

        var config = usual with
        {
            Width = source.Agreed("model.width", wanted.Width, width),
            Layers = source.Agreed("model.layers", wanted.Layers, layers),
            Heads = source.Heads(wanted.Heads, width),
            PatchSize = source.Agreed("model.patch_size", wanted.PatchSize, (int)patches[2]),
            InnerWidth = InnerWidth(source, width),
            HasDistillation = first == 2,
            HasPatchPositionsOnly = !IsSquare(positions - first),
            HasLayerScale = source.Shapes.Keys.Any(static name => name.StartsWith(VitConfig.Blocks, StringComparison.Ordinal) && name.EndsWith(".gamma", StringComparison.Ordinal)),
            Dropout = source.Probability("dropout") is { } sure ? source.Agreed("model.dropout", wanted.Dropout, sure) : wanted.Dropout ?? usual.Dropout,
            Ranks = LowRank.RanksOf(source, linears),
        };
        if (source.Count("heads") is null && wanted.Heads is null)
        {
            request.Note($"{source.Name} does not say, and so is taken to have, {config.Heads} heads, each {ViltCheckpoint.HeadWidth} wide (model.heads says otherwise)");
        }

        return config;
    }

    private static bool IsSquare(long number) => number > 0 && (long)Math.Sqrt(number) is var side && side * side == number;

    // Of the first block that has one: a trained network may be without some.
    private static int InnerWidth(CheckpointSource source, int width)
    {
        var name = source.Shapes.Keys
            .Where(static name => name.StartsWith(VitConfig.Blocks, StringComparison.Ordinal) && (name.EndsWith(".mlp.fc1.weight", StringComparison.Ordinal) || name.EndsWith(".mlp.fc1.1.weight", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        return name is null ? 4 * width : (int)source.Shape(name, 2)[0];
    }
}
