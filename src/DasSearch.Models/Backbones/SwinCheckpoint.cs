using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Formats;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>The names under which a Swin's weights come: its authors', timm's, whose newer files have merging in the stage behind it, and Hugging Face's.</summary>
internal static class SwinNames
{
    private static readonly (string From, string To)[] _huggingFace =
    [
        ("embeddings.patch_embeddings.projection", SwinConfig.Patches),
        ("embeddings.norm", SwinConfig.PatchNorm),
        ("encoder.layers.*.blocks.*.layernorm_before", "layers.*.blocks.*.norm1"),
        ("encoder.layers.*.blocks.*.layernorm_after", "layers.*.blocks.*.norm2"),
        ("encoder.layers.*.blocks.*.attention.self." + WindowAttention.Biases, "layers.*.blocks.*.attn." + WindowAttention.Biases),
        ("encoder.layers.*.blocks.*.attention.output.dense", "layers.*.blocks.*.attn.proj"),
        ("encoder.layers.*.blocks.*.intermediate.dense", "layers.*.blocks.*.mlp.fc1"),
        ("encoder.layers.*.blocks.*.output.dense", "layers.*.blocks.*.mlp.fc2"),
        ("encoder.layers.*.downsample", "layers.*.downsample"),
        ("layernorm", SwinConfig.LastNorm),
    ];

    private static readonly string[] _projections = ["query", "key", "value"];

    // What follows from sizes.
    private static readonly string[] _computed = [".relative_position_index", ".attn_mask"];

    /// <summary>What a Swin's checkpoints are like: they may have a classifier besides.</summary>
    internal static CheckpointKind Kind { get; } = new(
        "Swin", new NameTable([.. Rules("swin."), .. Rules(""), new NameRule("head.fc", SwinConfig.Head), new NameRule("classifier", SwinConfig.Head)]))
    {
        Convert = OfAnyAge,
        Others = ["head.", "pooler.", "swin.pooler."],
    };

    private static IEnumerable<NameRule> Rules(string prefix) =>
    [
        .. _huggingFace.Select(name => new NameRule(prefix + name.From, name.To)),
        .. _projections.Select((name, i) => new NameRule($"{prefix}encoder.layers.*.blocks.*.attention.self.{name}", "layers.*.blocks.*.attn.qkv") { Parts = _projections.Length, Part = i }),
    ];

    private static WeightFile OfAnyAge(WeightFile file)
    {
        var isNew = !file.Tensors.ContainsKey(SwinConfig.Merging(0) + ".norm.weight") && file.Tensors.ContainsKey(SwinConfig.Merging(1) + ".norm.weight");
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var twice = new List<string>(file.Twice);
        foreach (var tensor in file.Tensors.Values.Where(static tensor => !_computed.Any(end => tensor.Name.EndsWith(end, StringComparison.Ordinal))))
        {
            var own = isNew && tensor.Name.Split('.') is ["layers", var stage, "downsample", .. var rest] && int.TryParse(stage, out var number) && number > 0
                ? tensor with { Name = $"{SwinConfig.Merging(number - 1)}.{string.Join('.', rest)}" }
                : tensor;
            if (!tensors.TryAdd(own.Name, own))
            {
                twice.Add(own.Name);
            }
        }

        return file with { Tensors = tensors, Twice = twice };
    }
}

/// <summary>A Swin for a task, with a checkpoint's weights or with fresh ones.</summary>
/// <remarks>Sizes are those of the tensors, and the image's side the task's; dropout is 0 unless somebody says otherwise. The classifier is handed on: see <see cref="LoadedBackbone.Rest"/>.</remarks>
internal static class SwinCheckpoint
{
    // Of every published Swin.
    private const int UsualHeadWidth = 32;

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request)
    {
        var (config, source) = Configure(request);
        var swin = new Swin(config, request);
        try
        {
            return new LoadedBackbone(swin, source is null ? new Dictionary<string, Tensor>() : source.Fill(swin));
        }
        catch
        {
            swin.Dispose();
            throw;
        }
    }

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request)
    {
        using var scope = NewDisposeScope();
        return SwinCosts.Describe(Configure(request).Config, request.Granularity);
    }

    private static (SwinConfig Config, CheckpointSource? Source) Configure(BackboneRequest request)
    {
        var (wanted, input) = (request.Sizes, request.Input);
        var source = request.Checkpoint is { } path ? CheckpointSource.Read(path, SwinNames.Kind) : null;
        var config = source is null ? Fresh(wanted, input.ImageHeight) : Of(source, wanted, input.ImageHeight);
        var problem = input.Images == 0 ? "reads images, and the task has none"
            : input.ImageHeight != input.ImageWidth ? $"reads square images, and the task's are of {input.ImageHeight}×{input.ImageWidth} pixels"
            : config.Misfit
            ?? (config.Heads.Index().Any(stage => config.WidthOf(stage.Index) % stage.Item != 0) ? "has stages whose heads do not divide their width: set model.heads" : null);
        if (problem is not null)
        {
            throw source?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the backbone {problem}");
        }

        var modules = Enumerable.Range(0, config.Depths.Count).SelectMany(stage => config.Modules(stage, request.Granularity).Select(module => module.Parameters(config.Block(stage)).ToList())).ToList();
        request.CheckPlanned(modules.Count, config.Depths.Sum());
        var needed = config.Outside().Concat(modules.Where((_, i) => request.Absent?.Contains(i) != true).SelectMany(static shapes => shapes));
        if (source?.Check(needed, modules.SelectMany(static shapes => shapes).Select(static shape => shape.Name)) is { } leftOut)
        {
            request.Note(leftOut);
        }

        return (config, source);
    }

    // Windows of a fresh one are the largest of up to seven tokens that divide the picture.
    private static SwinConfig Fresh(ModelConfig wanted, int side)
    {
        var usual = new SwinConfig();
        var (width, layers) = (wanted.Width ?? usual.Width, wanted.Layers ?? usual.Depths.Sum());
        var heads = wanted.Heads ?? Math.Max(width / UsualHeadWidth, 1);
        if (layers < 8)
        {
            throw new ConfigException("model.layers", $"must be at least 8 for a swin, which has two in each of its first, second and last stage and all others in the third, not {layers}");
        }

        var config = usual with
        {
            Width = width,
            Depths = [2, 2, layers - 6, 2],
            Heads = [heads, 2 * heads, 4 * heads, 8 * heads],
            PatchSize = wanted.PatchSize ?? usual.PatchSize,
            Side = side,
            Dropout = wanted.Dropout ?? usual.Dropout,
        };
        return Enumerable.Range(0, usual.Window - 1).Select(less => config with { Window = usual.Window - less }).FirstOrDefault(static one => one.Misfit is null) ?? config;
    }

    private static SwinConfig Of(CheckpointSource source, ModelConfig wanted, int side)
    {
        var patches = source.Shape(SwinConfig.Patches + ".weight", 4);
        List<int> depths = [.. Enumerable.Range(0, source.Layers(SwinConfig.Stages)).Select(stage => source.Layers($"{SwinConfig.Stages}{stage}.blocks."))];
        var biases = depths.Select((_, stage) => source.Shape($"{SwinConfig.Stages}{stage}.blocks.0.attn.{WindowAttention.Biases}", 2)).ToList();
        var layers = source.Agreed("model.layers", wanted.Layers, depths.Sum());
        var config = new SwinConfig
        {
            Width = source.Agreed("model.width", wanted.Width, (int)patches[0]),
            Depths = depths,
            Heads = [.. biases.Select(static shape => (int)shape[1])],
            Window = biases.Max(static shape => ((int)Math.Sqrt(shape[0]) + 1) / 2),
            PatchSize = source.Agreed("model.patch_size", wanted.PatchSize, (int)patches[2]),
            Side = side,
            Dropout = source.Probability("dropout") is { } sure ? source.Agreed("model.dropout", wanted.Dropout, sure) : wanted.Dropout ?? 0,
        };
        _ = source.Agreed("model.heads", wanted.Heads, config.Heads[0]);
        var linears = source.Shapes.Keys.Select(BlockModule.LinearOf).OfType<string>().Distinct(StringComparer.Ordinal);
        return depths.Count > 16 || config.Width > int.MaxValue >> (depths.Count + 4) || config.PatchSize > int.MaxValue >> depths.Count
            ? throw source.Wrong($"has {depths.Count} stages from width {config.Width} on, which are too wide")
            : config with { Ranks = LowRank.RanksOf(source, linears) };
    }
}
