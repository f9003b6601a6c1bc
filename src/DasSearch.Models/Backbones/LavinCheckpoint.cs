using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Checkpoints;

namespace DasSearch.Models.Backbones;

/// <summary>A LLaMA that is shown images as in LaVIN, with checkpoints' weights or with fresh ones.</summary>
/// <remarks>
/// The decoder's checkpoint is read as any LLaMA's. CLIP's image tower is in the same file, under Hugging Face's names (<c>vision_model.</c>), or in that of a CLIP, which
/// <c>model.vision</c> names; the two Linears behind it are those of the decoder's file where that has them (<c>adapter_proj.</c>), as LaVIN's own, and fresh ones
/// else, since no checkpoint of a LLaMA or a CLIP has them. Where all is fresh, the tower is as wide and as deep as the decoder.
/// </remarks>
internal static class LavinCheckpoint
{
    /// <summary>What CLIP's authors make of images, of which six tokens come to stand in a text.</summary>
    internal static ImageStyle Style { get; } = ClipCheckpoint.Style with { TokensInText = LavinConfig.Tokens };

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static LoadedBackbone Load(BackboneRequest request) => LlamaCheckpoint.Load(request, LavinSource.Of);

    /// <exception cref="DasSearchException">The weights cannot be read, or do not fit task or settings.</exception>
    internal static BackboneDescription Describe(BackboneRequest request) => LlamaCheckpoint.Describe(request, LavinSource.Of);

    /// <summary>What tensors do not say of a tower.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> MetadataOf(LavinConfig config) =>
    [
        new(LavinSource.Heads, config.Clip.Image.Heads.ToString(CultureInfo.InvariantCulture)),
        new(LavinSource.Gelu, EnumNames.NameOf(config.Clip.Gelu)),
    ];
}

/// <summary>Where what shows a LLaMA images comes from.</summary>
/// <param name="Config">Its sizes.</param>
/// <param name="Tower">Where the tower's weights are; null where they are fresh.</param>
/// <param name="Decoder">The decoder's own checkpoint; null where it has none.</param>
internal sealed record LavinSource(LavinConfig Config, CheckpointSource? Tower, CheckpointSource? Decoder)
{
    internal const string Heads = "vision_heads";
    internal const string Gelu = "vision_gelu";

    private const string InnerWeight = LavinConfig.Projection + "conv_A.weight";

    /// <summary>Finds it.</summary>
    /// <exception cref="DasSearchException">There is none, or it is not to be read, or fits neither images nor settings.</exception>
    internal static LavinSource Of(BackboneRequest request, CheckpointSource? decoder)
    {
        var tower = TowerOf(request, decoder);
        var clip = (tower is null ? Fresh(request.Sizes) : Of(tower, request.Sizes)) with { Side = request.Input.ImageHeight > 0 ? request.Input.ImageHeight : LavinCheckpoint.Style.Side };
        var problem = clip.Side % clip.PatchSize != 0 ? $"has patches of {clip.PatchSize} pixels, which do not divide images of {clip.Side}: data.side says how large they are"
            : clip.Image.Width % clip.Image.Heads != 0 ? $"has a width of {clip.Image.Width}, which its {clip.Image.Heads} heads do not divide"
            : null;
        if (problem is not null)
        {
            throw tower?.Wrong(problem) ?? new ConfigException("model", $"does not fit the task: the image tower {problem}");
        }

        var config = new LavinConfig { Clip = clip };
        config = decoder?.Shapes.ContainsKey(InnerWeight) is true ? config with { InnerWidth = (int)decoder.Shape(InnerWeight, 2)[0] } : config;
        if (tower is not null && tower != decoder)
        {
            _ = tower.Check(config.TowerParameters(), tower.Shapes.Keys); // the rest of a CLIP is left aside
        }

        return new LavinSource(config, tower, decoder);
    }

    /// <summary>What the decoder's checkpoint has to have of it.</summary>
    /// <param name="width">The decoder's.</param>
    internal IEnumerable<ParameterShape> InDecoder(int width) =>
    [
        .. Decoder?.Shapes.ContainsKey(InnerWeight) is true ? Config.ProjectionParameters(width) : [],
        .. Tower is not null && Tower == Decoder ? Config.TowerParameters() : [],
    ];

    private static CheckpointSource? TowerOf(BackboneRequest request, CheckpointSource? decoder)
    {
        if (request.Sizes.Vision is { } vision)
        {
            return CheckpointSource.Read(Path.GetFullPath(vision, Path.GetDirectoryName(request.Checkpoint) ?? Environment.CurrentDirectory), ClipNames.Kind);
        }

        return decoder is null || decoder.Shapes.ContainsKey(ClipConfig.ClassToken)
            ? decoder
            : throw new ConfigException("model.vision", $"must be set: {decoder.Name} has no image tower; it names a CLIP's checkpoint, such as that of ViT-L/14 from which LaVIN has its own");
    }

    private static ClipConfig Of(CheckpointSource tower, ModelConfig wanted)
    {
        var (patches, said) = (tower.Shape(ClipConfig.Patches + ".weight", 4), SettingsFile.Beside(tower, "config.json"));
        var heads = tower.Count(Heads) ?? tower.Count("heads") ?? ClipCheckpoint.HeadsOf(said, "vision_config");
        return new LavinConfig().Clip with
        {
            Image = ClipCheckpoint.TowerOf(tower, ClipConfig.ImageLayers, (int)patches[0], heads),
            PatchSize = tower.Agreed("model.patch_size", wanted.PatchSize, (int)patches[2]),
            Gelu = ClipCheckpoint.GeluOf(tower, Gelu) ?? ClipCheckpoint.GeluOf(tower) ?? ClipCheckpoint.GeluOf(said, "vision_config") ?? GeluKind.Quick,
        };
    }

    private static ClipConfig Fresh(ModelConfig wanted)
    {
        var usual = new LavinConfig().Clip;
        var width = wanted.Width ?? usual.Image.Width;
        return usual with
        {
            Image = new ClipTower(width, wanted.Layers ?? usual.Image.Layers, wanted.Heads ?? usual.Image.Heads, 4 * width),
            PatchSize = wanted.PatchSize ?? usual.PatchSize,
        };
    }
}
