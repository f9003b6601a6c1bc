using System.Globalization;
using DasSearch.Core;
using DasSearch.Models.Backbones.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>METER (Dou et al., arXiv:2111.02387): a text's and an image's stream of layers that attend to each other, over frozen encoders.</summary>
/// <remarks>
/// Both layers of a pair read the pair before, so that while the image's is still to run the state holds what the text's has replaced:
/// [text, image], or [text, image, old text], and between an image's two attentions [text, image, old text, old image]. A trained token
/// stands in the place of the text's first, as in the code of DAS and APT. In the granularity of sub-layers, modules are the attentions, as in
/// EAS: a skipped one hands its stream to its norm, and feed-forward parts always run.
/// </remarks>
public sealed class Meter : nn.Module, IBackbone
{
    private const double LikeSinusoids = 0.7; // their root mean square

    private readonly nn.Module text_transformer, vit_model;
    private readonly Linear cross_modal_text_transform, cross_modal_image_transform;
    private readonly Parameter? text_positions, image_positions; // where the encoder does not tell them
    private readonly Parameter token4classifier;
    private readonly Embedding token_type_embeddings;
    private readonly ModuleDict<BertLayer> cross_modal_text_layers, cross_modal_image_layers;
    private readonly Sequential cross_modal_text_pooler, cross_modal_image_pooler;
    private readonly IReadOnlyList<MeterModule> _modules;
    private readonly bool _isOfLayers, _keepsTexts;
    private readonly FeatureCache? _features;
    private readonly Lazy<string> _textKey, _imageKey;

    /// <summary>A METER with fresh weights.</summary>
    /// <param name="request">Its sizes and checkpoint are left aside.</param>
    public Meter(MeterConfig config, BackboneRequest request)
        : base(nameof(Meter))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(request);
        (Config, _features, _keepsTexts) = (config, request.Features, request.KeepsTexts);
        var (d, device) = (config.Width, request.Device);
        (text_transformer, vit_model) = (config.Encoders.Text.Create(device).Network, config.Encoders.Image.Create(device).Network);
        (_textKey, _imageKey) = (KeyOf(config.Encoders.Text.Name, text_transformer), KeyOf(config.Encoders.Image.Name, vit_model));
        cross_modal_text_transform = nn.Linear(config.Encoders.Text.Width, d, device: device);
        cross_modal_image_transform = nn.Linear(config.Encoders.Image.Width, d, device: device);
        text_positions = config.Encoders.Text.TellsPositions ? null : new Parameter(empty(1, config.Encoders.Text.Length, d, device: device));
        image_positions = config.Encoders.Image.TellsPositions ? null : new Parameter(empty(1, config.Encoders.Image.Tokens, d, device: device));
        token4classifier = new Parameter(empty(1, 1, d, device: device));
        token_type_embeddings = nn.Embedding(1 + config.ImagesPerSample, d, device: device);
        _isOfLayers = request.Granularity == Granularity.Layers;
        _modules = MeterModule.All(config.Layers, request.Granularity);
        cross_modal_text_layers = LayersOf(isText: true, request);
        cross_modal_image_layers = LayersOf(isText: false, request);
        cross_modal_text_pooler = nn.Sequential(("dense", nn.Linear(d, d, device: device)));
        cross_modal_image_pooler = nn.Sequential(("dense", nn.Linear(d, d, device: device)));
        RegisterComponents();
        Initialise();
        Description = MeterCosts.Describe(config, request.Input, request.Granularity);
    }

    public MeterConfig Config { get; }

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <inheritdoc/>
    public string Title => $"A METER (arXiv:2111.02387) of {Config.Layers} pairs of layers, width {Config.Width} and {Config.Heads} heads over "
        + (Config.Encoders.Origin ?? $"{Config.Encoders.Text.Name} and {Config.Encoders.Image.Name}");

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata
    {
        get
        {
            var metadata = new Dictionary<string, string>
            {
                ["heads"] = Config.Heads.ToString(CultureInfo.InvariantCulture),
                ["dropout"] = Config.Dropout.ToString(CultureInfo.InvariantCulture),
            };
            if (Config.Encoders.ArePackaged)
            {
                metadata.Add(MeterCheckpoint.TextEncoderKey, Config.Encoders.Text.Name);
            }
            else if (Config.Encoders is { Text: BertConfig text, Image: ClipVisionConfig image })
            {
                metadata.Add(MeterCheckpoint.TextHeads, text.Heads.ToString(CultureInfo.InvariantCulture));
                metadata.Add(MeterCheckpoint.ImageHeads, image.Heads.ToString(CultureInfo.InvariantCulture));
            }

            return metadata;
        }
    }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    /// <remarks>Frozen: what the encoders found, in the layers' width: [batch, tokens, width] of text and image, and the key bias of each.</remarks>
    public Embedded Embed(BackboneInput input, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(input.Images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(input.ImageNumber);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.ImageNumber, Config.ImagesPerSample);
        using var scope = NewDisposeScope();
        var text = Transform(cross_modal_text_transform, Encode(input.TokenIds, input.TextMask));
        var image = Transform(cross_modal_image_transform, Encode(input.Images));
        text = text_positions is null ? text : text + text_positions.narrow(1, 0, text.size(1));
        image = image_positions is null ? image : image + image_positions;
        var textBias = Layers.KeyBias(input.TextMask, text.dtype);
        var imageBias = zeros([image.size(0), 1, 1, image.size(1)], image.dtype, image.device);
        var number = input.ImageNumber;
        return new Embedded(
            [text.MoveToOuterDisposeScope(), image.MoveToOuterDisposeScope(), textBias.MoveToOuterDisposeScope(), imageBias.MoveToOuterDisposeScope()],
            frozen => Complete(frozen, number));
    }

    /// <inheritdoc/>
    public HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(attached);
        var (part, s, b) = (_modules[module], state.Streams, state.KeyBiases);
        var isFirst = part.Kind != ModuleKind.CrossAttention; // of its stream in this pair
        var own = part.IsText ? 0 : 1;
        var other = MeterModule.ContextOf(part.IsText);
        var x = tokens is { } count && count < s[own].size(1) ? s[own].narrow(1, 0, count) : s[own];
        var next = skipped.Contains(module)
            ? Skip(part, s, attached, tokens)
            : Run(part, x, s[own], s[other], b[own], b[other], attached);
        return part.IsText
            ? new HiddenState([next, s[1], isFirst ? s[0] : s[2]], [b[0], b[1], isFirst ? b[0] : b[2]])
            : _isOfLayers || !isFirst ? new HiddenState([s[0], next], [b[0], b[1]]) : new HiddenState([s[0], next, s[2], s[1]], [b[0], b[1], b[2], b[1]]);
    }

    /// <inheritdoc/>
    public Features Finish(HiddenState state, FeatureKind wanted, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(attached);
        var streams = state.Streams.Take(2).ToList();
        if (wanted == FeatureKind.Tokens)
        {
            return new Features(streams);
        }

        using var scope = NewDisposeScope();
        var text = Pool(MeterCheckpoint.TextPooler, cross_modal_text_pooler, streams[0], attached);
        var image = Pool(MeterCheckpoint.ImagePooler, cross_modal_image_pooler, streams[1], attached);
        return new Features(streams, cat([text, image], 1).MoveToOuterDisposeScope()); // [batch, 2 · width]
    }

    // tanh(W · first token + b): [batch, tokens, width] to [batch, width].
    private static Tensor Pool(string place, Sequential pooler, Tensor stream, Attachments attached) =>
        Layers.To(attached.Project(place, input => Layers.Apply((Linear)pooler[0], input), stream.select(1, 0)), stream.dtype).tanh();

    /// <summary>Starts the token in the place of the text's first as the code of DAS does where a checkpoint has none: as what the layers of the text's encoder read at its beginning.</summary>
    internal void BeginFirstToken()
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var device = token4classifier.device;
        token4classifier.copy_(Texts.Embed(zeros([1, 1], ScalarType.Int64, device), ones([1, 1], ScalarType.Bool, device))); // <s> of RoBERTa is token 0
    }

    // In the type that it was entered in: frozen Linears may be of another one.
    private static Tensor Transform(Linear transform, Tensor encoded) => Layers.To(Layers.Apply(transform, encoded), encoded.dtype);

    // In fields of their own they would be registered twice.
    private ITextEncoder Texts => (ITextEncoder)text_transformer;

    private IImageEncoder Images => (IImageEncoder)vit_model;

    // [batch, tokens] to [batch, tokens, width]; with a cache, zeros at padding.
    private Tensor Encode(Tensor ids, Tensor mask)
    {
        using var unrecorded = no_grad();
        if (_features is null || !_keepsTexts)
        {
            return Texts.Encode(ids, mask);
        }

        using var scope = NewDisposeScope();
        var lengths = mask.sum([1]).cpu().data<long>().ToArray();
        var rows = lengths.Select((length, row) => ids.narrow(0, row, 1).narrow(1, 0, length)).ToList();
        return _features.Rows(_textKey.Value, rows, ids.size(1), texts => RowGroups.OfTexts(texts, Config.Encoders.Text.Length, Texts.Encode)).MoveToOuterDisposeScope();
    }

    // [batch, 3, side, side] to [batch, tokens, width].
    private Tensor Encode(Tensor images)
    {
        using var unrecorded = no_grad();
        if (_features is null)
        {
            return Images.Encode(images);
        }

        using var scope = NewDisposeScope();
        var rows = Enumerable.Range(0, (int)images.size(0)).Select(row => images.narrow(0, row, 1)).ToList();
        return _features.Rows(_imageKey.Value, rows, Config.Encoders.Image.Tokens, missing => RowGroups.OfImages(missing, Images.Encode)).MoveToOuterDisposeScope();
    }

    private HiddenState Complete(IReadOnlyList<Tensor> frozen, int imageNumber)
    {
        using var scope = NewDisposeScope();
        var (text, image) = (frozen[0], frozen[1]);
        var first = token4classifier.expand(text.size(0), -1, -1);
        var texts = cat([first, text.narrow(1, 1, text.size(1) - 1)], 1) + Modality(0);
        var images = image + Modality(imageNumber);
        return new HiddenState(
            [texts.MoveToOuterDisposeScope(), images.MoveToOuterDisposeScope()],
            [frozen[2].alias().MoveToOuterDisposeScope(), frozen[3].alias().MoveToOuterDisposeScope()]);
    }

    // Once the weights are there.
    private static Lazy<string> KeyOf(string name, nn.Module encoder) => new(() => FeatureCache.KeyOf(name, encoder));

    private Tensor Modality(int row) => token_type_embeddings.weight!.narrow(0, row, 1); // [1, width], broadcast

    private Tensor Run(MeterModule module, Tensor x, Tensor own, Tensor other, Tensor ownBias, Tensor otherBias, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var layer = LayerOf(module);
        if (module.Kind != ModuleKind.CrossAttention)
        {
            x = layer.Run(ModuleKind.Attention, x, own, ownBias, attached);
        }

        if (module.Kind != ModuleKind.Attention)
        {
            x = layer.Run(ModuleKind.CrossAttention, x, other, otherBias, attached);
            x = layer.Run(ModuleKind.FeedForward, x, x, ownBias, attached);
        }

        return x.MoveToOuterDisposeScope();
    }

    private Tensor Skip(MeterModule module, IReadOnlyList<Tensor> streams, Attachments attached, long? tokens)
    {
        // What stands in for attention to the other stream may read what its layer read, which lies behind the streams.
        var crossed = module.Kind == ModuleKind.CrossAttention
            ? new CrossedStreams(streams[module.IsText ? 2 : 3], streams[MeterModule.ContextOf(module.IsText)])
            : null;
        var replaced = attached.Replace(module.Name, streams[module.IsText ? 0 : 1], tokens, crossed);
        if (_isOfLayers)
        {
            return replaced;
        }

        using var scope = NewDisposeScope();
        var layer = LayerOf(module);
        var x = layer.Norm(module.Kind, replaced, attached);
        return (module.Kind == ModuleKind.Attention ? x : layer.Run(ModuleKind.FeedForward, x, x, x, attached)).MoveToOuterDisposeScope();
    }

    private BertLayer LayerOf(MeterModule module)
    {
        var (layers, number) = (module.IsText ? cross_modal_text_layers : cross_modal_image_layers, module.Layer.ToString(CultureInfo.InvariantCulture));
        return layers.ContainsKey(number) ? layers[number] : throw BertLayer.NotBuilt();
    }

    private ModuleDict<BertLayer> LayersOf(bool isText, BackboneRequest request)
    {
        var absent = _modules.Where((module, i) => module.IsText == isText && request.Absent?.Contains(i) == true).ToLookup(static module => module.Layer, static module => module.Kind);
        return nn.ModuleDict(Enumerable.Range(0, Config.Layers).Where(layer => !absent[layer].Contains(ModuleKind.CrossLayer)).Select(layer => (
            layer.ToString(CultureInfo.InvariantCulture),
            new BertLayer(Config.Sizes, MeterCheckpoint.LayerName(isText, layer), MeterModule.Parts, [.. absent[layer]], request.Device))).ToArray());
    }

    // As in the official code for a width of 768; in narrower ones a Linear keeps as much variance. With more, such as Glorot's, tokens grow alike
    // in six layers with norms behind their parts, and hidden words are not learnt.
    private void Initialise()
    {
        foreach (var (name, parameter) in named_parameters().Where(entry => MeterCheckpoint.IsOfCheckpoint(Config, entry.name)))
        {
            _ = name switch
            {
                _ when name.EndsWith("bias", StringComparison.Ordinal) => nn.init.zeros_(parameter),
                _ when name.Contains("LayerNorm", StringComparison.Ordinal) || name.Contains(".ln_", StringComparison.Ordinal) => parameter,
                MeterCheckpoint.TextTransform + ".weight" when Config.Encoders.Text.Scale is { } scale => Scaled(parameter, scale),
                MeterCheckpoint.ImageTransform + ".weight" when Config.Encoders.Image.Scale is { } scale => Scaled(parameter, scale),
                _ when name.StartsWith("cross_modal_", StringComparison.Ordinal) && parameter.dim() == 2 => nn.init.normal_(parameter, std: 0.02 * Math.Sqrt(768.0 / Config.Width)),
                MeterCheckpoint.TextPositions => parameter.detach().copy_(Sinusoids((int)parameter.size(1), (int)parameter.size(2), parameter.device)),
                MeterCheckpoint.ImagePositions => nn.init.normal_(parameter, std: LikeSinusoids),
                _ => nn.init.normal_(parameter, std: 0.02),
            };
        }
    }

    // So that a token's vector tells as much of what as of where.
    private static Tensor Scaled(Parameter transform, double scale) =>
        nn.init.normal_(transform, std: LikeSinusoids / (scale * Math.Sqrt(transform.size(1))));

    // sin and cos of a position over wavelengths from 2π to 10,000 · 2π (arXiv:1706.03762, section 3.5): [1, positions, width].
    private static Tensor Sinusoids(int positions, int width, Device device)
    {
        using var scope = NewDisposeScope();
        var wavelengths = pow(10_000.0, arange(0, width, 2, ScalarType.Float32, device) / width);
        var angles = arange(positions, ScalarType.Float32, device).unsqueeze(1) / wavelengths;
        return stack([angles.sin(), angles.cos()], 2).reshape(1, positions, -1).narrow(2, 0, width).MoveToOuterDisposeScope();
    }
}
