using System.Globalization;
using DasSearch.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A LLaMA-style decoder (Touvron et al., arXiv:2302.13971) as a backbone: one stream, in which tokens see those before them.</summary>
/// <remarks>
/// Every layer is a module that can be skipped, or its attention and its feed-forward part are; embeddings and the last norm are not. The summary is
/// what the last token of a text has come to, and words are scored after any token (<see cref="Features.Words"/>). Padding follows the text. Images are
/// passed over, unless there is something that shows them (<see cref="LavinConfig"/>). Tokens that a method adds precede no token of the text and follow none: all tokens see them, and they see each other. The state has two
/// key biases: the stream's, and the text's alone, which tells these tokens from the text's; and where images are shown a third one, [batch, 1, 1, 1], 0 for a text with an image
/// and −∞ for one without.
/// </remarks>
public sealed class Llama : nn.Module, IBackbone
{
    private readonly Embedding tok_embeddings;
    private readonly ModuleDict<LlamaLayer> layers;
    private readonly RmsNorm norm;
    private readonly Linear? output;
    private readonly ClipImage? vision_model;
    private readonly LavinProjection? adapter_proj;
    private readonly IReadOnlyList<LlamaModule> _modules;
    private readonly LavinImages? _images;

    /// <summary>One with fresh weights.</summary>
    /// <param name="request">Its sizes and checkpoint are left aside.</param>
    public Llama(LlamaConfig config, BackboneRequest request)
        : base(nameof(Llama))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(request);
        Config = config;
        _modules = LlamaModule.All(config.Layers, request.Granularity);
        tok_embeddings = nn.Embedding(config.Vocabulary, config.Width, device: request.Device);
        var built = _modules.Where((_, i) => request.Absent?.Contains(i) != true)
            .SelectMany(static module => module.Parts.Select(part => (module.Layer, Part: part)))
            .ToLookup(static part => part.Layer, static part => part.Part);
        var begun = _modules.Where((_, i) => request.Absent?.Contains(i) == true).ToLookup(static module => module.Layer, static module => module.Parts[0]);
        layers = nn.ModuleDict(Enumerable.Range(0, config.Layers).Select(layer => (
            layer.ToString(CultureInfo.InvariantCulture), new LlamaLayer(config, layer, [.. built[layer]], [.. begun[layer]], request.Device))).ToArray());
        norm = new RmsNorm(config.Width, config.Eps, request.Device);
        output = config.IsTied ? null : nn.Linear(config.Width, config.Vocabulary, hasBias: false, device: request.Device);
        if (config.Lavin is { } lavin)
        {
            vision_model = new ClipImage(lavin.Clip, lavin.Modules, request.Device);
            adapter_proj = new LavinProjection(lavin, config.Width, request.Device);
            _images = new LavinImages(lavin, vision_model, request.Features);
        }

        RegisterComponents();
        Initialise();
        Description = LlamaCosts.Describe(config, request.Input, request.Granularity);
    }

    public LlamaConfig Config { get; }

    /// <summary>Names of norms of skipped modules that its checkpoint does not have; where one is read that is an error.</summary>
    internal IReadOnlyList<string> Missing { get; set; } = [];

    /// <summary>Where it lives.</summary>
    internal Device Device => tok_embeddings.weight!.device;

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <inheritdoc/>
    public string Title => $"A LLaMA-style decoder (arXiv:2302.13971) of {Config.Layers} layers, width {Config.Width} and {Config.Heads} heads"
        + (Config.Lavin is { } lavin ? $", which a CLIP's image tower of {lavin.Clip.Image.Layers} layers and width {lavin.Clip.Image.Width} shows images (arXiv:2305.15023)" : "");

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => LlamaCheckpoint.MetadataOf(Config);

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    /// <remarks>
    /// Frozen: words [batch, tokens, width], and the key bias; and of images where their tokens stand, [batch, tokens], and what the tower gave of them, [images, 6, its width], or
    /// the images themselves where a method adapts it.
    /// </remarks>
    public Embedded Embed(BackboneInput input, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(attached);
        if (_images is not null && input.Images is { } images)
        {
            return Embed(input, images, attached);
        }

        var words = tok_embeddings.call(input.TokenIds);
        return new Embedded(
            [words, Layers.KeyBias(input.TextMask, words.dtype)],
            static frozen => new HiddenState([frozen[0].alias()], [frozen[1].alias(), frozen[1].alias()]));
    }

    private Embedded Embed(BackboneInput input, Tensor images, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var words = tok_embeddings.call(input.TokenIds.clamp_min(0));
        var (isAdapted, seen) = (_images!.AreAdapted(attached), input.TokenIds.eq(ImageStyle.Token));
        return new Embedded(
            [
                words.MoveToOuterDisposeScope(), Layers.KeyBias(input.TextMask, words.dtype).MoveToOuterDisposeScope(), seen.MoveToOuterDisposeScope(),
                isAdapted ? images.alias().MoveToOuterDisposeScope() : _images.Encode(images).MoveToOuterDisposeScope(),
            ],
            frozen => Complete(frozen, isAdapted ? read => _images.Run(read, attached) : static read => read.alias()));
    }

    private HiddenState Complete(IReadOnlyList<Tensor> frozen, Func<Tensor, Tensor> tower)
    {
        using var scope = NewDisposeScope();
        var (words, bias, seen) = (frozen[0], frozen[1], frozen[2]);
        var shown = LavinImages.Put(words, seen, adapter_proj!.call(tower(frozen[3])));
        var without = zeros_like(bias.narrow(3, 0, 1)).masked_fill(seen.any(1).logical_not().reshape(-1, 1, 1, 1), double.NegativeInfinity);
        return new HiddenState(
            [shown.MoveToOuterDisposeScope()], [bias.alias().MoveToOuterDisposeScope(), bias.alias().MoveToOuterDisposeScope(), without.MoveToOuterDisposeScope()]);
    }

    /// <inheritdoc/>
    public HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(attached);
        var (x, run) = (state.Streams[0], _modules[module]);
        return !skipped.Contains(module) ? state.With(RunAll(run, state, attached, Math.Min(tokens ?? x.size(1), x.size(1))))
            : HandedOn(run, x, attached) is { } handed ? state.With(x, handed)
            : state.With(Replaced(run, x, attached, tokens));
    }

    /// <inheritdoc/>
    public Features Finish(HiddenState state, FeatureKind wanted, Attachments attached)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(attached);
        using var scope = NewDisposeScope();
        var text = state.KeyBiases[1];
        var x = attached.Project(LlamaConfig.LastNorm, norm.call, state.Streams[0].narrow(1, 0, text.size(3)));
        return new Features([x.MoveToOuterDisposeScope()], wanted != FeatureKind.Tokens ? Layers.Last(x, text).MoveToOuterDisposeScope() : null) { Words = Words };
    }

    /// <summary>Words that follow those of a cache, to the scores of those that may follow them: [1, tokens] to [1, words].</summary>
    internal Tensor Advance(Tensor ids, KeyValueCache cache, Subnetwork skipped, Attachments attached)
    {
        using var scope = NewDisposeScope();
        var x = tok_embeddings.call(ids);
        var view = LlamaView.After(cache.Tokens, ids.size(1), x.dtype, x.device);
        var handed = (Tensor?)null;
        for (var i = 0; i < _modules.Count; i++)
        {
            var module = _modules[i];
            var next = skipped.Contains(i) ? HandedOn(module, x, attached) : null;
            x = next is not null ? x : skipped.Contains(i) ? Replaced(module, x, attached, tokens: null) : Run(module, x, x.size(1), view, attached, cache, handed);
            handed = next;
        }

        cache.Tokens += ids.size(1);
        return Words(attached.Project(LlamaConfig.LastNorm, norm.call, x.select(1, x.size(1) - 1))).MoveToOuterDisposeScope();
    }

    private Tensor RunAll(LlamaModule module, HiddenState state, Attachments attached, long wanted)
    {
        using var scope = NewDisposeScope();
        var view = LlamaView.Of(state.KeyBiases[0], state.KeyBiases[1].size(3));
        return Run(module, state.Streams[0], wanted, view, attached, cache: null, handed: state.Streams.Count > 1 ? state.Streams[1] : null).MoveToOuterDisposeScope();
    }

    private Tensor Run(LlamaModule module, Tensor x, long wanted, LlamaView view, Attachments attached, KeyValueCache? cache, Tensor? handed)
    {
        var layer = Layer(module);
        return module.Parts.Aggregate(x, (stream, part) => layer.Run(part, stream, wanted, view, attached, cache, handed));
    }

    private Tensor Replaced(LlamaModule module, Tensor x, Attachments attached, long? tokens) =>
        attached.Replace(module.Name, x, tokens, norm: read => NormOf(module, read));

    // Of an attention in place of which something has no part in the stream: what the feed-forward part behind it reads.
    private Tensor? HandedOn(LlamaModule module, Tensor x, Attachments attached) =>
        module.Kind == ModuleKind.Attention ? attached.HandOn(module.Name, x, read => NormOf(module, read)) : null;

    private Tensor NormOf(LlamaModule module, Tensor x)
    {
        var norm = LlamaConfig.NormPlace(module.Layer, module.Parts[0]);
        return Missing.Contains(norm + ".weight")
            ? throw new DasSearchException($"what stands in place of {module.Name} reads {norm}.weight, which the checkpoint lacks")
            : Layer(module).Norm(module.Parts[0], x);
    }

    private LlamaLayer Layer(LlamaModule module) => layers[module.Layer.ToString(CultureInfo.InvariantCulture)];

    // [*, width] to a score for each word.
    private Tensor Words(Tensor x) => output is null ? nn.functional.linear(x, tok_embeddings.weight!) : Layers.Apply(output, x).to(x.dtype);

    // As GPT-2's authors start, which LLaMA's do not tell.
    private void Initialise()
    {
        foreach (var (name, parameter) in named_parameters().Where(static entry => entry.parameter.dim() > 1))
        {
            nn.init.normal_(parameter, std: 0.02);
        }

        foreach (var (name, parameter) in named_parameters().Where(static entry => entry.name.StartsWith(ClipConfig.ImageTower, StringComparison.Ordinal)))
        {
            _ = name == ClipConfig.ClassToken ? nn.init.normal_(parameter, std: 0.02) : name.EndsWith(".bias", StringComparison.Ordinal) ? nn.init.zeros_(parameter) : parameter;
        }

        adapter_proj?.Initialise();
    }
}
