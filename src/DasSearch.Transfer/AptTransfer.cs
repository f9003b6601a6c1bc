using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>Approximated prompt tuning, APT (arXiv:2306.15706, eq. 9 to 14): tokens beside attention instead of prompts within it.</summary>
/// <remarks>
/// <para>
/// Attention gives (SA(X) + α ⊙ ReLU(X Kᵀ) P') · eˢ, where X [tokens, width] is what it reads, P' [prompts, width] are trained tokens in the space
/// of its output, K = P' + P' W₁ W₂ their keys, and s starts at 0. That comes after the dropout of attention's output here, before it in the code.
/// α is the largest activation of each token without its gradient, as in the code; the paper prints the largest entry of K (eq. 13). No 1/√width
/// divides the scores. It does not start as the identity, since P' does not start at 0, though in either start near it: with P' = 0 it is.
/// </para>
/// <para>
/// ViLT-B with 200 tokens and rank 4: 12 · (200 · 768 + 2 · 4 · 768 + 1) = 1,916,940 parameters, and 2 · n · 200 · 768 + 2 · 200 · 4 · 768
/// multiply-accumulates a layer of n tokens. Paper and code train a token in the place of the text's first besides, with every method that they
/// compare, and leave it out of their counts: that is an option here, and off, since no other method here has one. (METER has one whatever the method.) The code has
/// 50 tokens on ViLT, which the published counts are not of, and on METER leaves s at 0: neither is taken over, by <c>compat</c> either. On CLIP the paper has 4 tokens of rank 2 at
/// the texts' attentions alone (streams=text): 12 · (4 · 512 + 2 · 2 · 512 + 1) = 49,164 parameters for CLIP-B/16.
/// </para>
/// </remarks>
public sealed class AptTransfer() : PlacedTransfer("apt", "approximated prompts beside attention")
{
    private const string ClassToken = "token4classifier";
    private const double Deviation = 0.02; // which the paper calls the variance

    private static readonly MethodOption<int> _tokens = MethodOption.Count("tokens", 200, "tokens at each attention");
    private static readonly MethodOption<int> _rank = MethodOption.Count("rank", 4, "rank of what makes their keys");
    private static readonly MethodOption<PromptWeight> _alpha = MethodOption.Choice("alpha", PromptWeight.Token, "what weighs the prompts: each token's largest activation, with or without gradient, the largest entry of the keys, or nothing");
    private static readonly MethodOption<PromptKey> _key = MethodOption.Choice("key", PromptKey.LowRank, "how keys come of tokens");
    private static readonly MethodOption<bool> _poolers = MethodOption.Flag("train_pooler", true, "whether poolers are trained, as in the code");
    private static readonly MethodOption<bool> _classToken = MethodOption.Flag("class_token", false, "whether a trained token stands in the place of the text's first, as in the papers");
    private static readonly MethodOption<AptStreams> _streams = MethodOption.Choice("streams", AptStreams.All, "whose attentions have tokens: all, or those of texts or images alone where these have streams of their own");
    private static readonly MethodOption<PromptStart> _init = MethodOption.Choice("init", PromptStart.Effective, "how the keys' layers start: as the code's initialiser leaves them, or as the code writes them");
    private static readonly MethodOption<bool> _variance = MethodOption.Flag("token_variance", false, "whether tokens start with variance 0.02, as in the paper, rather than deviation 0.02");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_tokens, _rank, _alpha, _key, _poolers, _classToken, _streams, _init, _variance];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _tokens;

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return !IsPrompted(module.Stream, settings) ? [] : Site.Attentions(module).Select(site => new AdapterPlacement(module.Name, Placement.Parallel, site, Type, settings.Get(_tokens), "relu", "none", scale: 1));
    }

    /// <inheritdoc/>
    public override AddedCosts Costs(BackboneDescription backbone, TransferSettings settings)
    {
        Check(backbone, settings);
        var costs = base.Costs(backbone, settings);
        return settings.Get(_classToken) ? costs with { OutsideParameters = costs.OutsideParameters + TextNorm(backbone).Out } : costs;
    }

    /// <inheritdoc/>
    public override Attached Attach(AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Check(request.Backbone.Description, request.Settings);
        var attached = base.Attach(request);
        if (!request.Settings.Get(_classToken))
        {
            return attached;
        }

        var place = TextNorm(request.Backbone.Description).Name;
        var token = new FirstToken(EmbeddingOfFirst(request, place));
        return attached with
        {
            Attachments = attached.Attachments with { Projections = new Dictionary<string, Projection> { [place] = token } },
            Parameters = new Dictionary<string, Parameter>(attached.Parameters) { [ClassToken] = token.Token },
            Module = new ModuleList<nn.Module>([token, .. attached.Module is { } module ? [module] : Array.Empty<nn.Module>()]),
        };
    }

    /// <inheritdoc/>
    public override bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return base.Trains(backbone, settings, parameter)
            && (settings.Get(_poolers) || !backbone.Projections.Any(place => place.Role == ProjectionRole.Pooler && parameter.StartsWith(place.Name + ".", StringComparison.Ordinal)));
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(settings);
        long width = spot.Shape.Width, size = spot.Size;
        var (parameters, operations) = settings.Get(_key) switch
        {
            PromptKey.LowRank => (2 * Rank(spot, settings) * width, 2 * size * Rank(spot, settings) * width),
            PromptKey.Dense => (width * width, size * width * width),
            _ => (0L, 0L),
        };
        return new AddedToModule((size * width) + parameters + 1, (2 * spot.Shape.Tokens * size * width) + operations);
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var (settings, place) = (request.Settings, spot.SubLayer.Name);
        long[] inner = settings.Get(_key) switch { PromptKey.LowRank => [Rank(spot, settings), spot.Shape.Width], PromptKey.Dense => [spot.Shape.Width], _ => [] };
        var start = settings.Get(_init);
        var prompts = new ApproximatedPrompts(spot.Size, spot.Shape.Width, inner, settings.Get(_alpha), request.Device);
        nn.init.normal_(prompts.Tokens, std: settings.Get(_variance) ? Math.Sqrt(Deviation) : Deviation);
        foreach (var (layer, i) in prompts.Keys.Select(static (layer, i) => (layer, i)))
        {
            nn.init.normal_(layer.weight!, std: start == PromptStart.Effective ? Deviation : i == 0 ? 1 : 0);
        }

        return Piece.At(place, prompts, place) with { Units = [prompts.Tokens], UnitDimension = 0 };
    }

    private static bool IsPrompted(string? stream, TransferSettings settings) =>
        settings.Get(_streams) is var streams && (streams == AptStreams.All || stream == EnumNames.NameOf(streams));

    private static void Check(BackboneDescription backbone, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(settings);
        if (!backbone.Modules.Any(module => IsPrompted(module.Stream, settings)))
        {
            throw new DasSearchException(
                $"method.streams is {EnumNames.NameOf(settings.Get(_streams))}, but the backbone's layers are of {string.Join(" and ", backbone.Modules.Select(static module => module.Stream).Distinct())}: set it to all");
        }
    }

    private static long Rank(AdapterSpot spot, TransferSettings settings) => settings.Get(_rank) is var rank && rank <= spot.Shape.Width
        ? rank
        : throw new DasSearchException($"APT's keys on {spot.Of.Module} are of rank {rank}, expected at most its width of {spot.Shape.Width}");

    private static ProjectionPlace TextNorm(BackboneDescription backbone) =>
        backbone.Projections.FirstOrDefault(static place => place.Role == ProjectionRole.EmbeddingNorm)
        ?? throw new DasSearchException("APT's class token needs a norm of the text's embeddings, which the backbone does not have");

    // Every text begins with the same token: [1, 1, width].
    private static Tensor EmbeddingOfFirst(AttachRequest request, string place)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var (seen, network) = (new Seen(), request.Backbone.Network);
        var isTraining = network.training;
        network.eval();
        foreach (var sample in request.Samples.Take(1))
        {
            _ = request.Backbone.Embed(sample, new Attachments { Projections = new Dictionary<string, Projection> { [place] = seen } }).State();
        }

        network.train(isTraining);
        return seen.First;
    }

    /// <summary>Notes what the first token's embedding is.</summary>
    private sealed class Seen() : Projection(nameof(Seen))
    {
        internal Tensor First { get; private set; } = null!;

        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            var output = own(input);
            First = output.narrow(0, 0, 1).narrow(1, 0, 1).clone().DetachFromDisposeScope();
            return output;
        }
    }

    /// <summary>One trained vector in the place of every text's first token.</summary>
    private sealed class FirstToken : Projection
    {
        private readonly Parameter token;

        internal FirstToken(Tensor start)
            : base(nameof(FirstToken))
        {
            token = new Parameter(start);
            RegisterComponents();
        }

        internal Parameter Token => token;

        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            using var scope = NewDisposeScope();
            var text = own(input); // [batch, tokens, width]
            var first = token.to(text.dtype).expand(text.size(0), 1, -1);
            return cat([first, text.narrow(1, 1, text.size(1) - 1)], 1).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Whose attentions have APT's tokens; the names are those of streams.</summary>
internal enum AptStreams
{
    All,
    Text,
    Image,
}

/// <summary>What weighs APT's prompts: α.</summary>
internal enum PromptWeight
{
    /// <summary>The largest activation of each token, without its gradient.</summary>
    Token,

    /// <summary>The same with its gradient.</summary>
    TokenGrad,

    /// <summary>The largest entry of all keys.</summary>
    Key,

    /// <summary>1.</summary>
    None,
}

/// <summary>How APT's keys come of its tokens P'.</summary>
internal enum PromptKey
{
    /// <summary>P' + P' W₁ W₂ (eq. 11).</summary>
    LowRank,

    /// <summary>P' (Table 3).</summary>
    Identity,

    /// <summary>P' + P' W (eq. 9).</summary>
    Dense,
}

/// <summary>How the layers of APT's keys start.</summary>
internal enum PromptStart
{
    /// <summary>N(0, 0.02²), as the code's initialiser of the whole model leaves them.</summary>
    Effective,

    /// <summary>The first from N(0, 1), and the second, where there is one, at 0, as the code of the module says.</summary>
    Written,
}

/// <summary>APT's tokens at one attention: to (output + α ⊙ ReLU(X Kᵀ) P') · eˢ.</summary>
internal sealed class ApproximatedPrompts : Branch
{
    private readonly Parameter mm_tokens; // [prompts, width]
    private readonly Parameter scale; // [1]
    private readonly ModuleList<Linear> mm; // from tokens to what is added to them for their keys
    private readonly PromptWeight _weight;

    /// <param name="inner">Widths of what the keys' layers give; none for keys that are the tokens.</param>
    internal ApproximatedPrompts(long tokens, long width, IReadOnlyList<long> inner, PromptWeight weight, Device device)
        : base(nameof(ApproximatedPrompts))
    {
        _weight = weight;
        mm_tokens = new Parameter(zeros(tokens, width, device: device));
        scale = new Parameter(zeros(1, device: device));
        mm = nn.ModuleList(inner.Select((next, i) => nn.Linear(i == 0 ? width : inner[i - 1], next, hasBias: false, device: device)).ToArray());
        RegisterComponents();
    }

    internal Parameter Tokens => mm_tokens;

    internal IEnumerable<Linear> Keys => mm;

    public override Tensor forward(Tensor stream, Tensor read, Tensor output)
    {
        using var scope = NewDisposeScope();
        var keys = Keyed();
        var activations = Activations(read, keys);
        var change = Weighed(activations.matmul(mm_tokens), activations, keys);
        return ((output + change) * scale.exp()).MoveToOuterDisposeScope();
    }

    public override Tensor Attention(Tensor read, bool weighed)
    {
        using var scope = NewDisposeScope();
        var keys = Keyed();
        var activations = Activations(read, keys);
        return (weighed ? Weighed(activations, activations, keys) : activations).MoveToOuterDisposeScope();
    }

    // [prompts, width].
    private Tensor Keyed()
    {
        var added = mm.Aggregate((Tensor)mm_tokens, static (x, layer) => layer.call(x));
        return mm.Count == 0 ? added : mm_tokens + added;
    }

    // [batch, tokens, prompts].
    private static Tensor Activations(Tensor read, Tensor keys) => read.matmul(keys.t()).relu();

    private Tensor Weighed(Tensor change, Tensor activations, Tensor keys) => _weight switch
    {
        PromptWeight.Token => change * Largest(activations).detach(),
        PromptWeight.TokenGrad => change * Largest(activations),
        PromptWeight.Key => change * keys.max(),
        _ => change,
    };

    private static Tensor Largest(Tensor activations) => activations.max(-1, keepdim: true).values;
}
