using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A CLIP for a task, with a checkpoint's weights or with fresh ones.</summary>
/// <remarks>
/// Sizes are those of the tensors; heads and GELU are those of the file's metadata or of a <c>config.json</c> beside it, else heads are 64 wide and GELU is
/// the quick one, as in OpenAI's. Settings of the model are of the images' tower; where weights are fresh, <c>model.width</c>, <c>.layers</c> and <c>.heads</c> are of
/// both. Positions of patches are resized, bicubic.
/// </remarks>
internal static class ClipCheckpoint
{
    internal const string TextHeads = "text_heads";
    internal const string Gelu = "gelu";

    /// <summary>What OpenAI's code makes of images, at 224 pixels.</summary>
    internal static ImageStyle Style { get; } = new(224, [0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request)
    {
        var (config, source) = Configure(request);
        var clip = new Clip(config, request);
        try
        {
            return new LoadedBackbone(clip, source?.Fill(clip) ?? []);
        }
        catch
        {
            clip.Dispose();
            throw;
        }
    }

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request)
    {
        using var scope = NewDisposeScope();
        return ClipCosts.Describe(Configure(request).Config, request.Input, request.Granularity);
    }

    private static (ClipConfig Config, CheckpointSource? Source) Configure(BackboneRequest request)
    {
        var input = request.Input;
        var source = request.Checkpoint is { } path ? CheckpointSource.Read(path, ClipNames.Kind) : null;
        var config = (source is null ? Fresh(request) : Of(source, request)) with { Side = input.ImageHeight };
        var problem = input.Images == 0 || input.ImageHeight == 0 ? "reads images beside texts, and the task has none"
            : config.Vocabulary != input.Vocabulary ? $"has {config.Vocabulary} words, the task's tokenizer has {input.Vocabulary}: data.tokenizer names CLIP's"
            : config.TextLength < input.TextLength ? $"reads texts of at most {config.TextLength} tokens, the task's have {input.TextLength}"
            : input.ImageHeight != input.ImageWidth ? $"reads square images, and the task's are of {input.ImageHeight}×{input.ImageWidth} pixels"
            : config.Side % config.PatchSize != 0 ? $"has patches of {config.PatchSize} pixels, which do not divide images of {config.Side}: data.side and model.patch_size say how large they are"
            : Undivided(config.Image) ?? Undivided(config.Text);
        if (problem is not null)
        {
            throw source?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the backbone {problem}");
        }

        List<BlockModule> modules = [.. config.Modules(isText: true, request.Granularity), .. config.Modules(isText: false, request.Granularity)];
        request.CheckPlanned(modules.Count, config.Text.Layers + config.Image.Layers);
        var layers = modules.SelectMany((module, i) => module.Parameters(config.Block(module.Prefix == ClipConfig.TextLayers)).Select(shape => (Module: i, Shape: shape))).ToList();
        var needed = config.Outside().Concat(layers.Where(own => request.Absent?.Contains(own.Module) != true).Select(static own => own.Shape));
        if (source?.Check(needed, layers.Select(static own => own.Shape.Name)) is { } leftOut)
        {
            request.Note(leftOut);
        }

        return (config, source);
    }

    private static string? Undivided(ClipTower tower) =>
        tower.Width % tower.Heads == 0 ? null : $"has a width of {tower.Width}, which its {tower.Heads} heads do not divide: set model.heads";

    private static ClipConfig Fresh(BackboneRequest request)
    {
        var (wanted, usual) = (request.Sizes, new ClipConfig());
        return usual with
        {
            Text = Tower(usual.Text),
            Image = Tower(usual.Image),
            Shared = wanted.Width ?? usual.Shared,
            Vocabulary = request.Input.Vocabulary,
            TextLength = request.TextRows ?? Math.Max(request.Input.TextLength, usual.TextLength),
            PatchSize = wanted.PatchSize ?? usual.PatchSize,
            Dropout = wanted.Dropout ?? usual.Dropout,
        };

        ClipTower Tower(ClipTower own)
        {
            var width = wanted.Width ?? own.Width;
            var heads = wanted.Heads ?? ViltCheckpoint.UsualHeads(width) ?? throw new ConfigException(
                "model.heads", $"must be set, since model.width, {width}, is not so many times {ViltCheckpoint.HeadWidth}, the usual width of a head");
            return new ClipTower(width, wanted.Layers ?? own.Layers, heads, 4 * width);
        }
    }

    private static ClipConfig Of(CheckpointSource source, BackboneRequest request)
    {
        var (wanted, usual, said) = (request.Sizes, new ClipConfig(), SettingsFile.Beside(source, "config.json"));
        var (words, patches) = (source.Shape(ClipConfig.Words, 2), source.Shape(ClipConfig.Patches + ".weight", 4));
        var ofText = TowerOf(source, ClipConfig.TextLayers, (int)words[1], source.Count(TextHeads) ?? HeadsOf(said, "text_config"));
        var ofImage = TowerOf(
            source,
            ClipConfig.ImageLayers,
            source.Agreed("model.width", wanted.Width, (int)patches[0]),
            (source.Count("heads") ?? HeadsOf(said, "vision_config")) is { } heads ? source.Agreed("model.heads", wanted.Heads, heads) : wanted.Heads);
        var gelu = GeluOf(source) ?? GeluOf(said, "text_config") ?? GeluOf(said, "vision_config");
        if (source.Count("heads") is null && said is null)
        {
            request.Note($"{source.Name} does not say, and so is taken to have, {ofText.Heads} and {ofImage.Heads} heads and the quick GELU of OpenAI's models, and no config.json beside it says otherwise");
        }

        return usual with
        {
            Text = ofText,
            Image = ofImage with { Layers = source.Agreed("model.layers", wanted.Layers, ofImage.Layers) },
            Shared = (int)source.Shape(ClipConfig.TextProjection + ".weight", 2)[0],
            Vocabulary = (int)words[0],
            TextLength = (int)source.Shape(ClipConfig.TextPositions, 2)[0],
            PatchSize = source.Agreed("model.patch_size", wanted.PatchSize, (int)patches[2]),
            Gelu = gelu ?? usual.Gelu,
            Dropout = source.Probability("dropout") is { } sure ? source.Agreed("model.dropout", wanted.Dropout, sure) : wanted.Dropout ?? usual.Dropout,
        };
    }

    internal static ClipTower TowerOf(CheckpointSource source, string layers, int width, int? heads) => new(
        width,
        source.Layers(layers),
        heads ?? ViltCheckpoint.UsualHeads(width) ?? throw source.Wrong(
            $"does not say how many heads there are of a width of {width}, which is not so many times {ViltCheckpoint.HeadWidth}: its config.json does, beside it"),
        (int)source.Shape(layers + "0.mlp.fc1.weight", 2)[0]);

    internal static int? HeadsOf(SettingsFile? said, string tower) => said?.Within(tower)?.Count("num_attention_heads");

    internal static GeluKind? GeluOf(CheckpointSource source, string name = Gelu) => source.Metadata.GetValueOrDefault(name) is not { } text
        ? null
        : EnumNames.TryParse<GeluKind>(text, out var kind)
            ? kind
            : throw source.Wrong($"says in its metadata that {name} is '{text}', expected {string.Join(" or ", EnumNames.All<GeluKind>())}");

    internal static GeluKind? GeluOf(SettingsFile? said, string tower) => said?.Within(tower) switch
    {
        { } own when own.Number("layer_norm_eps") is { } eps and not ClipConfig.Eps => throw new DasSearchException($"{own.Path} says that layer_norm_eps is {eps}, expected {ClipConfig.Eps}"),
        { } own => own.Text("hidden_act") switch
        {
            null => null,
            "quick_gelu" => GeluKind.Quick,
            "gelu" => GeluKind.Exact,
            var other => throw new DasSearchException($"{own.Path} says that hidden_act is '{other}', expected quick_gelu or gelu"),
        },
        null => null,
    };
}
