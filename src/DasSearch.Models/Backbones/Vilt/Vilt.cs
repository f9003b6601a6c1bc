using DasSearch.Core;
using DasSearch.Models.Attachments;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>ViLT: one Transformer over the tokens of a text and the patches of an image, text first.</summary>
/// <remarks>
/// Kim et al., arXiv:2102.03334. Parameters carry the names of the official checkpoints. Every block is a module that
/// can be skipped, or its attention and its feed-forward part are; embeddings, last norm and pooler are not.
/// </remarks>
public sealed class Vilt : nn.Module, IBackbone
{
    private const double PositionDeviation = 0.7;

    private readonly ViltTextEmbeddings text_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly ViltVision transformer;
    private readonly Pooler pooler;
    private readonly IReadOnlyList<ViltPart> _parts;

    /// <summary>A ViLT with fresh weights: normal numbers of deviation 0.02, biases 0, Glorot's in the blocks, larger positions.</summary>
    /// <remarks>
    /// The official code starts from a trained ViT, and draws everything with deviation 0.02 where there is none. A narrow
    /// model barely learns from that: what its blocks add to the residual is too small (at width 768, 0.02 is about
    /// Glorot's), and patches are told from each other by what they show alone, so that it finds out what there is and
    /// not where. Positions start about as large as what a patch shows.
    /// </remarks>
    /// <param name="config">The sizes.</param>
    /// <param name="input">What a sample looks like, for the modules' costs.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    /// <param name="granularity">What a module is.</param>
    /// <param name="absent">Modules that are never run and therefore not built; null for none.</param>
    public Vilt(
        ViltConfig config,
        InputShape input,
        Device? device = null,
        Granularity granularity = Granularity.Layers,
        Subnetwork? absent = null)
        : base(nameof(Vilt))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(input);
        config.Validate();
        device ??= CPU;
        Config = config;
        text_embeddings = new ViltTextEmbeddings(config, device);
        token_type_embeddings = nn.Embedding(1 + config.ImagesPerSample, config.Width, device: device);
        _parts = ViltPart.All(config.Layers, granularity);
        transformer = new ViltVision(config, _parts.Where((_, i) => absent?.Contains(i) != true), device);
        pooler = new Pooler(config.Width, device);
        RegisterComponents();
        Initialise();
        Description = ViltCosts.Describe(config, input, granularity);
    }

    /// <summary>The sizes.</summary>
    public ViltConfig Config { get; }

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <inheritdoc/>
    public nn.Module Network => this;

    private int Count => Description.Modules.Count;

    /// <inheritdoc/>
    /// <remarks>The pooler, and both tables of token types: modalities, and BERT's segments.</remarks>
    public bool IsTransferred(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.StartsWith("pooler.", StringComparison.Ordinal)
            || parameter.Contains("token_type_embeddings", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    /// <remarks>Words at their places [batch, tokens, width], patches at theirs [batch, 1 + patches, width], and the key bias.</remarks>
    public IReadOnlyList<Tensor> EmbedFrozen(VisionLanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var words = text_embeddings.Words(input.TokenIds);
        var (patches, mask) = transformer.Embed(input.Images, input.PixelMask);
        var keys = cat([input.TextMask, mask], 1); // [batch, tokens]
        var bias = zeros_like(keys, patches.dtype).masked_fill(keys.logical_not(), double.NegativeInfinity);
        return
        [
            words.MoveToOuterDisposeScope(),
            patches.MoveToOuterDisposeScope(),
            bias.unsqueeze(1).unsqueeze(1).MoveToOuterDisposeScope(),
        ];
    }

    /// <inheritdoc/>
    public HiddenState Embed(VisionLanguageInput input, IReadOnlyList<Tensor>? frozen = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(input.ImageNumber);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.ImageNumber, Config.ImagesPerSample);
        using var scope = NewDisposeScope();
        frozen ??= EmbedFrozen(input);
        var text = text_embeddings.call(frozen[0]) + Modality(0);
        var image = transformer.Drop(frozen[1]) + Modality(input.ImageNumber);
        return new HiddenState(
            [cat([text, image], 1).MoveToOuterDisposeScope()], [frozen[2].alias().MoveToOuterDisposeScope()]);
    }

    /// <inheritdoc/>
    public HiddenState Run(HiddenState state, int start, int until, Subnetwork skipped, IAttachments attachments)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(attachments);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(until, Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, until);
        if (skipped.Modules != Count)
        {
            throw new ArgumentException(
                $"The subnetwork is one of {skipped.Modules} modules, the backbone has {Count}.", nameof(skipped));
        }

        using var scope = NewDisposeScope();
        var x = state.Streams[0].alias();
        for (var i = start; i < until; i++)
        {
            x = Step(x, i, state.KeyBiases[0], skipped, attachments);
        }

        return state.With(x.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The pooler reads the first token alone: the last attention that is kept has to find out its keys and values from all tokens,
    /// and everything else of the first one only, as does what comes after it and works token by token.
    /// </remarks>
    public Tensor Conclude(HiddenState state, int start, Subnetwork skipped, IAttachments attachments)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        using var scope = NewDisposeScope();
        var last = Count - 1;
        while (last >= start && (skipped.Contains(last) || _parts[last].Kind == ModuleKind.FeedForward))
        {
            last--;
        }

        var before = Run(state, start, Math.Max(last, start), skipped, attachments);
        var x = before.Streams[0];
        var first = last < start
            ? x.narrow(1, 0, 1)
            : Step(x, last, before.KeyBiases[0], skipped, attachments, tokens: 1);
        for (var i = Math.Max(last + 1, start); i < Count; i++)
        {
            first = Step(first, i, before.KeyBiases[0], skipped, attachments);
        }

        return Summarise(Finish(before.With(first))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public HiddenState Finish(HiddenState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.With(transformer.Normalise(state.Streams[0]));
    }

    /// <inheritdoc/>
    public Tensor Summarise(HiddenState finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        return pooler.call(finished.Streams[0]);
    }

    // A module, or what stands in for it.
    private Tensor Step(Tensor x, int index, Tensor keyBias, Subnetwork skipped, IAttachments attachments, long? tokens = null)
    {
        if (!skipped.Contains(index))
        {
            var (block, kind) = _parts[index];
            return transformer.Block(block).Run(kind, x, keyBias, index, attachments, tokens);
        }

        return attachments.At(index, Site.Replacement) is { } replacement ? x + replacement.call(x) : x;
    }

    private Tensor Modality(int row) => token_type_embeddings.weight!.narrow(0, row, 1); // [1, width], broadcast

    private void Initialise()
    {
        foreach (var (name, parameter) in named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                nn.init.zeros_(parameter);
            }
            else if (name.StartsWith("transformer.blocks", StringComparison.Ordinal) && parameter.dim() == 2)
            {
                nn.init.xavier_normal_(parameter);
            }
            else if (name == "transformer.pos_embed")
            {
                nn.init.normal_(parameter, std: PositionDeviation);
            }
            else if (!name.Contains("norm", StringComparison.OrdinalIgnoreCase))
            {
                nn.init.normal_(parameter, std: 0.02);
            }
        }
    }

    /// <summary>tanh(W · first token + b): [batch, tokens, width] to [batch, width].</summary>
    private sealed class Pooler : nn.Module<Tensor, Tensor>
    {
        private readonly Linear dense;

        internal Pooler(long width, Device device)
            : base(nameof(Pooler))
        {
            dense = nn.Linear(width, width, device: device);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return dense.call(input.select(1, 0)).tanh().MoveToOuterDisposeScope();
        }
    }
}
