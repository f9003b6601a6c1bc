using System.Globalization;
using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

// From the smaller parts to the whole; fields are named as in Hugging Face's checkpoints.

/// <summary>Words at their places.</summary>
internal sealed class ClipWords : nn.Module
{
    private readonly Embedding token_embedding, position_embedding;

    internal ClipWords(ClipConfig config, Device device)
        : base(nameof(ClipWords))
    {
        token_embedding = nn.Embedding(config.Vocabulary, config.Text.Width, device: device);
        position_embedding = nn.Embedding(config.TextLength, config.Text.Width, device: device);
        RegisterComponents();
    }

    /// <summary>[batch, tokens] to [batch, tokens, width].</summary>
    internal Tensor Embed(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return (token_embedding.call(ids) + position_embedding.weight!.narrow(0, 0, ids.size(1))).MoveToOuterDisposeScope();
    }
}

/// <summary>The class token and patches at their places.</summary>
internal sealed class ClipPatches : nn.Module
{
    private readonly Parameter class_embedding;
    private readonly Conv2d patch_embedding;
    private readonly Embedding position_embedding;

    internal ClipPatches(ClipConfig config, Device device)
        : base(nameof(ClipPatches))
    {
        class_embedding = new Parameter(empty(config.Image.Width, device: device));
        patch_embedding = nn.Conv2d(3, config.Image.Width, config.PatchSize, config.PatchSize, bias: false, device: device);
        position_embedding = nn.Embedding(config.ImageTokens, config.Image.Width, device: device);
        RegisterComponents();
    }

    /// <summary>[batch, 3, side, side] to [batch, 1 + patches, width].</summary>
    internal Tensor Embed(Tensor images, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var patches = attached.Project(ClipConfig.Patches, read => patch_embedding.call(read).flatten(2).transpose(1, 2), images); // [batch, patches, width]
        var first = class_embedding.expand(patches.size(0), 1, -1);
        return (cat([first, patches], 1) + position_embedding.weight!).MoveToOuterDisposeScope();
    }
}

/// <summary>A tower's layers by number.</summary>
internal sealed class ClipLayers : nn.Module
{
    private readonly ModuleDict<PreNormBlock> layers;

    internal ClipLayers(PreNormSizes sizes, IEnumerable<BlockModule> modules, Device device)
        : base(nameof(ClipLayers))
    {
        layers = nn.ModuleDict(modules.GroupBy(static module => module.Block).Select(layer => (
            layer.First().Number,
            new PreNormBlock(
                sizes, layer.First().BlockName, [.. layer.Select(static module => module.Kind)], device, place => new SplitAttention(sizes, place, device), PreNormNames.Clip))).ToArray());
        RegisterComponents();
    }

    internal PreNormBlock this[string number] => layers.ContainsKey(number)
        ? layers[number]
        : throw new ArgumentException($"Layer {number} was not built: it was to be skipped.", nameof(number));
}

/// <summary>The tower of texts.</summary>
internal sealed class ClipText : nn.Module
{
    internal readonly ClipWords embeddings;
    internal readonly ClipLayers encoder;
    internal readonly LayerNorm final_layer_norm;

    internal ClipText(ClipConfig config, IEnumerable<BlockModule> modules, Device device)
        : base(nameof(ClipText))
    {
        embeddings = new ClipWords(config, device);
        encoder = new ClipLayers(config.Block(isText: true), modules, device);
        final_layer_norm = nn.LayerNorm(config.Text.Width, ClipConfig.Eps, device: device);
        RegisterComponents();
    }
}

/// <summary>The tower of images.</summary>
internal sealed class ClipImage : nn.Module
{
    internal readonly ClipPatches embeddings;
    internal readonly LayerNorm pre_layrnorm, post_layernorm;
    internal readonly ClipLayers encoder;

    internal ClipImage(ClipConfig config, IEnumerable<BlockModule> modules, Device device)
        : base(nameof(ClipImage))
    {
        embeddings = new ClipPatches(config, device);
        pre_layrnorm = nn.LayerNorm(config.Image.Width, ClipConfig.Eps, device: device);
        encoder = new ClipLayers(config.Block(isText: false), modules, device);
        post_layernorm = nn.LayerNorm(config.Image.Width, ClipConfig.Eps, device: device);
        RegisterComponents();
    }
}

/// <summary>CLIP (Radford et al., arXiv:2103.00020): a causal Transformer of texts and a ViT of images, side by side, into one space.</summary>
/// <remarks>
/// Every layer of either tower is a module that can be skipped, or its attention and its feed-forward part are; modules are the text's, then the image's, and
/// read their own stream alone. A text is what its last token has come to, an end behind which only padding follows; an image is what its class token has;
/// each is projected into the shared space and brought to length 1: t and v. The summary of a pair is [t, v, e^s t ⊙ v], with s the logarithm of a trained scale, so that
/// its last third sums up to CLIP's score, e^s cos(t, v). Tokens that a method adds have no place in
/// a text: all see them, and they see each other. The state has three key biases: of text and image, and the text's alone, which tells such tokens from its own.
/// </remarks>
public sealed class Clip : nn.Module, IBackbone
{
    private const double FirstTemperature = 0.07;

    private readonly ClipText text_model;
    private readonly ClipImage vision_model;
    private readonly Linear text_projection, visual_projection;
    private readonly Parameter logit_scale;
    private readonly IReadOnlyList<BlockModule> _modules;
    private readonly int _texts; // modules of the text's

    /// <summary>One with fresh weights.</summary>
    /// <param name="request">Its sizes and checkpoint are left aside.</param>
    public Clip(ClipConfig config, BackboneRequest request)
        : base(nameof(Clip))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(request);
        Config = config;
        var (device, texts) = (request.Device, config.Modules(isText: true, request.Granularity));
        (_modules, _texts) = ([.. texts, .. config.Modules(isText: false, request.Granularity)], texts.Count);
        var built = _modules.Where((_, i) => request.Absent?.Contains(i) != true).ToLookup(static module => module.Prefix == ClipConfig.TextLayers);
        text_model = new ClipText(config, built[true], device);
        vision_model = new ClipImage(config, built[false], device);
        text_projection = nn.Linear(config.Text.Width, config.Shared, hasBias: false, device: device);
        visual_projection = nn.Linear(config.Image.Width, config.Shared, hasBias: false, device: device);
        logit_scale = new Parameter(tensor((float)Math.Log(1 / FirstTemperature), device: device));
        RegisterComponents();
        Initialise();
        Description = ClipCosts.Describe(config, request.Input, request.Granularity);
    }

    public ClipConfig Config { get; }

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <inheritdoc/>
    public string Title => $"A CLIP (arXiv:2103.00020) of {Config.Text.Layers} layers of width {Config.Text.Width} for texts, {Config.Image.Layers} of width {Config.Image.Width} for images "
        + $"and patches of {Config.PatchSize}×{Config.PatchSize} pixels";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        ["heads"] = Config.Image.Heads.ToString(CultureInfo.InvariantCulture),
        [ClipCheckpoint.TextHeads] = Config.Text.Heads.ToString(CultureInfo.InvariantCulture),
        [ClipCheckpoint.Gelu] = EnumNames.NameOf(Config.Gelu),
        ["dropout"] = Config.Dropout.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    /// <remarks>Frozen: words and patches at their places, [batch, tokens, width] each, and the key bias of each.</remarks>
    public Embedded Embed(BackboneInput input, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(input.Images);
        ArgumentNullException.ThrowIfNull(attached);
        using var scope = NewDisposeScope();
        var text = text_model.embeddings.Embed(input.TokenIds);
        var image = vision_model.pre_layrnorm.call(vision_model.embeddings.Embed(input.Images, attached));
        var textBias = Layers.KeyBias(input.TextMask, text.dtype);
        var imageBias = zeros([image.size(0), 1, 1, image.size(1)], image.dtype, image.device);
        return new Embedded(
            [text.MoveToOuterDisposeScope(), image.MoveToOuterDisposeScope(), textBias.MoveToOuterDisposeScope(), imageBias.MoveToOuterDisposeScope()],
            static frozen => new HiddenState([frozen[0].alias(), frozen[1].alias()], [frozen[2].alias(), frozen[3].alias(), frozen[2].alias()]));
    }

    /// <inheritdoc/>
    public HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(attached);
        var (run, isText) = (_modules[module], module < _texts);
        var x = state.Streams[isText ? 0 : 1];
        var next = skipped.Contains(module) ? attached.Replace(run.Name, x, tokens)
            : isText ? RunText(run, state, attached, tokens)
            : vision_model.encoder[run.Number].Run(run.Kind, x, state.KeyBiases[1], attached, tokens);
        return isText ? state.With(next, state.Streams[1]) : state.With(state.Streams[0], next);
    }

    /// <inheritdoc/>
    public Features Finish(HiddenState state, FeatureKind wanted, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(attached);
        using var scope = NewDisposeScope();
        var own = state.KeyBiases[2];
        var read = wanted == FeatureKind.Summary ? state.Streams[1].narrow(1, 0, 1) : state.Streams[1];
        var texts = attached.Project(ClipConfig.TextNorm, text_model.final_layer_norm.call, state.Streams[0].narrow(1, 0, own.size(3)));
        var images = attached.Project(ClipConfig.ImageNorm, vision_model.post_layernorm.call, read);
        var features = new Features([texts.MoveToOuterDisposeScope(), images.MoveToOuterDisposeScope()]);
        if (wanted == FeatureKind.Tokens)
        {
            return features;
        }

        var (text, image) = (Layers.Last(texts, own), images.select(1, 0));
        var shared = new SharedSpace(
            Unit(ClipConfig.TextProjection, text_projection, text, attached), Unit(ClipConfig.ImageProjection, visual_projection, image, attached), logit_scale.exp());
        return features with
        {
            Summary = text.size(0) == image.size(0) ? Summary(shared).MoveToOuterDisposeScope() : null,
            Shared = shared.Map(static tensor => tensor.MoveToOuterDisposeScope()),
        };
    }

    private Tensor RunText(BlockModule module, HiddenState state, Attachments attached, long? tokens)
    {
        using var scope = NewDisposeScope();
        var bias = Layers.CausalBias(state.KeyBiases[0], state.KeyBiases[2].size(3));
        return text_model.encoder[module.Number].Run(module.Kind, state.Streams[0], bias, attached, tokens).MoveToOuterDisposeScope();
    }

    // Of as many texts as images: [batch, 3 · shared width].
    private static Tensor Summary(SharedSpace shared) => cat([shared.Texts, shared.Images, shared.Texts * shared.Images * shared.Scale], 1);

    private static Tensor Unit(string place, Linear projection, Tensor x, Attachments attached)
    {
        var projected = Layers.To(attached.Project(place, read => Layers.Apply(projection, read), x), x.dtype);
        return projected / projected.norm(1, keepdim: true);
    }

    // As CLIP's authors start.
    private void Initialise()
    {
        foreach (var (name, parameter) in named_parameters().Where(static entry => entry.name != ClipConfig.Scale))
        {
            var tower = name.StartsWith("text", StringComparison.Ordinal) ? Config.Text : Config.Image;
            var usual = 1 / Math.Sqrt(tower.Width);
            _ = name switch
            {
                _ when name.EndsWith("bias", StringComparison.Ordinal) => nn.init.zeros_(parameter),
                _ when name.Contains("norm", StringComparison.Ordinal) => parameter,
                ClipConfig.Words => nn.init.normal_(parameter, std: 0.02),
                ClipConfig.TextPositions => nn.init.normal_(parameter, std: 0.01),
                _ when name.EndsWith("out_proj.weight", StringComparison.Ordinal) || name.EndsWith("fc2.weight", StringComparison.Ordinal) =>
                    nn.init.normal_(parameter, std: usual / Math.Sqrt(2 * tower.Layers)),
                _ when name.EndsWith("fc1.weight", StringComparison.Ordinal) => nn.init.normal_(parameter, std: usual / Math.Sqrt(2)),
                _ => nn.init.normal_(parameter, std: usual),
            };
        }
    }
}
