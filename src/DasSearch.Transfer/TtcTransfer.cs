using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>TTC-Tuning (arXiv:2303.07910): first norms, then a square Linear on those channels of each layer that matter for the task; and SCT, its forerunner.</summary>
/// <remarks>
/// <para>
/// The first stage is LayerNorm tuning (eq. 4). On its network the channels are chosen: row i of the matrix W that gives them has the importance
/// Σ_j w_ij · ∂L/∂w_ij (eq. 7 to 10), signed as printed, and the K largest are taken, of equal ones those with lower indices. The second stage
/// trains x'' = x' + Linear(x') on the chosen channels x' (eq. 11), norms and head, all from where the first left them. K² + K parameters a layer,
/// for ViT-B with K = 96 111,744; without biases 110,592, which the paper counts; with 38,400 of norms. Before it is merged into the Linear that gives
/// its channels, it has nK² multiply-accumulates a layer of n tokens, which the paper counts. Weights start from N(0, 0.02²), cut at two deviations, as in
/// SCT's code, so that a fresh one is near the identity, and not it.
/// </para>
/// <para>
/// Channels are those of fc2's output, within the residual, or of attention's, of both, or of the stream behind the block; the matrix is then fc2,
/// too. SCT takes those of the stream behind attention, with the largest norms over images and tokens of a class, averaged over classes; it has no
/// first stage and leaves norms alone, and its position and choice are not to be set. In a search, and wherever nothing is trained before, channels
/// are chosen at the start.
/// </para>
/// </remarks>
public sealed class TtcTransfer() : PlacedTransfer("ttc", "a square Linear on the channels that matter; norms first")
{
    private static readonly MethodOption<int> _channels = MethodOption.Count("channels", 96, "channels of each layer");
    private static readonly MethodOption<ChannelChoice> _choice = MethodOption.Choice("choice", ChannelChoice.Taylor, "how they are chosen");
    private static readonly MethodOption<ChannelPosition> _position = MethodOption.Choice("position", ChannelPosition.Mlp, "whose channels");
    private static readonly MethodOption<TaylorScore> _score = MethodOption.Choice("score", TaylorScore.Signed, "what of the Taylor term is summed up");
    private static readonly MethodOption<int> _samples = MethodOption.Count("subset_size", 0, "training samples to choose by; 0 for all", least: 0);
    private static readonly MethodOption<int> _epochs = MethodOption.Count("stage_epochs", 0, "epochs of the first stage; 0 for the training's", least: 0);
    private static readonly MethodOption<bool> _bias = MethodOption.Flag("bias", true, "whether the Linear has a bias");
    private static readonly MethodOption<bool> _frozen = MethodOption.Flag("freeze_norms", false, "whether norms stay as the first stage left them");
    private static readonly MethodOption<bool> _sct = MethodOption.Flag("sct", false, "whether it is SCT");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_channels, _choice, _position, _score, _samples, _epochs, _bias, _frozen, _sct];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _channels;

    /// <inheritdoc/>
    public override bool Merges(TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return !settings.Get(_sct) && settings.Get(_position) != ChannelPosition.Block;
    }

    /// <inheritdoc/>
    public override FirstStage? Before(TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Get(_sct) ? null : new FirstStage(new LayerNormTransfer(), settings.Get(_epochs) is > 0 and var epochs ? epochs : null);
    }

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var position = settings.Get(_position);
        (Placement How, string Site)[] all = settings.Get(_sct) ? [(Placement.Parallel, Site.Attention)] : position switch
        {
            ChannelPosition.Attn => [(Placement.Sequential, Site.Attention)],
            ChannelPosition.Both => [(Placement.Sequential, Site.Attention), (Placement.Sequential, Site.FeedForward)],
            ChannelPosition.Block => [(Placement.Parallel, Site.FeedForward)],
            _ => [(Placement.Sequential, Site.FeedForward)],
        };
        return all.Where(place => Site.Within(module).Contains(place.Site)).Select(place =>
            new AdapterPlacement(module.Name, place.How, place.Site, Type, settings.Get(_channels), "none", "none", scale: 1));
    }

    /// <inheritdoc/>
    public override Attached Attach(AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var attached = base.Attach(request);
        if (request.Evidence is { } evidence && attached.Constants.Count > 0)
        {
            using var scope = NewDisposeScope();
            Choose(attached.Attachments, request, evidence);
        }

        return attached;
    }

    /// <inheritdoc/>
    public override bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return base.Trains(backbone, settings, parameter)
            || (!settings.Get(_frozen) && !settings.Get(_sct) && LayerNormTransfer.IsTuned(backbone, parameter));
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(settings);
        long size = Channels(spot);
        return new AddedToModule((size * size) + (settings.Get(_bias) ? size : 0), spot.Shape.Tokens * size * size);
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var (width, part) = (spot.Shape.Width, spot.SubLayer.Name);
        var start = request.Settings.Get(_choice) == ChannelChoice.Random && !request.Settings.Get(_sct)
            ? randperm(width).narrow(0, 0, Channels(spot)).sort().Values
            : arange(Channels(spot)); // until others are chosen
        var channels = new TunedChannels(start, request.Settings.Get(_bias), request.Device);
        var (place, around, name) = (spot.Of.Placement, spot.Of.Site) switch
        {
            (Placement.Parallel, Site.Attention) => (part, (nn.Module)new TunedStream(channels), Block(part) + ".sct"),
            (Placement.Parallel, _) => (part, new TunedStream(channels), Block(part) + ".ttc"),
            (_, Site.Attention) => (spot.Projection(ProjectionRole.AttentionOutput).Name, new TunedLinear(channels), part + ".ttc"),
            _ => (spot.Projection(ProjectionRole.Contract).Name, new TunedLinear(channels), part + ".ttc"),
        };
        return Piece.At(place, channels, name) with
        {
            Places = new Dictionary<string, nn.Module> { [place] = around },
            Constants = new Dictionary<string, Tensor> { [name + ".channels"] = channels.Chosen },
        };
    }

    private static int Channels(AdapterSpot spot) => spot.Size <= spot.Shape.Width
        ? spot.Size
        : throw new DasSearchException($"TTC on {spot.Of.Module} is to tune {spot.Size} channels, expected at most its width of {spot.Shape.Width}");

    private static string Block(string part) => part[..part.LastIndexOf('.')];

    // Of every layer at once, since each question is a pass over the training split.
    private static void Choose(Attachments attachments, AttachRequest request, IEvidence evidence)
    {
        var settings = request.Settings;
        var tuned = attachments.Projections.Select(static entry => (Place: entry.Key, ((TunedLinear)entry.Value).Channels))
            .Concat(attachments.Branches.Select(static entry => (Place: entry.Key, ((TunedStream)entry.Value).Channels))).ToList();
        int? samples = settings.Get(_samples) is > 0 and var some ? some : null;
        if (settings.Get(_sct) || settings.Get(_choice) == ChannelChoice.L2)
        {
            var norms = evidence.ChannelNorms([.. tuned.Select(static entry => entry.Place)], settings.Get(_sct), samples);
            tuned.ForEach(entry => entry.Channels.Choose(norms[entry.Place]));
        }
        else if (settings.Get(_choice) == ChannelChoice.Taylor)
        {
            var description = request.Backbone.Description;
            var matrices = tuned.ToDictionary(static entry => entry.Place, entry => MatrixOf(description, entry.Place), StringComparer.Ordinal);
            var gradients = evidence.Gradients([.. matrices.Values], samples);
            var weights = request.Backbone.Network.named_parameters().ToDictionary(static entry => entry.name, static entry => entry.parameter, StringComparer.Ordinal);
            tuned.ForEach(entry => entry.Channels.Choose(Scores(weights[matrices[entry.Place]], gradients[matrices[entry.Place]], settings.Get(_score))));
        }
    }

    // The one whose rows give the channels: the Linear itself, or the last one of a sub-layer's feed-forward part.
    private static string MatrixOf(BackboneDescription backbone, string place) => backbone.Projections.First(projection =>
        projection.Name == place || (projection.Role == ProjectionRole.Contract && projection.Name.StartsWith(place + ".", StringComparison.Ordinal))).Bias[..^"bias".Length] + "weight";

    private static Tensor Scores(Tensor weight, Tensor gradient, TaylorScore score)
    {
        using var unrecorded = no_grad();
        var terms = weight.to(gradient.dtype) * gradient; // [channels, inputs]
        return (score switch { TaylorScore.Absolute => terms.abs(), TaylorScore.Squared => terms.square(), _ => terms }).sum(1);
    }
}

/// <summary>How TTC's channels are chosen.</summary>
internal enum ChannelChoice
{
    /// <summary>By the Taylor importance of the weights that give them.</summary>
    Taylor,

    /// <summary>By the norm of their features over training images and tokens.</summary>
    L2,

    /// <summary>By the training's seed alone.</summary>
    Random,
}

/// <summary>Whose channels TTC tunes.</summary>
internal enum ChannelPosition
{
    /// <summary>The feed-forward part's.</summary>
    Mlp,

    /// <summary>Attention's.</summary>
    Attn,

    /// <summary>Those of both.</summary>
    Both,

    /// <summary>The stream's, behind the feed-forward part.</summary>
    Block,
}

/// <summary>What of w · ∂L/∂w is summed up over a row.</summary>
internal enum TaylorScore
{
    /// <summary>The term as it is (eq. 10).</summary>
    Signed,

    /// <summary>How large it is.</summary>
    Absolute,

    /// <summary>Its square (eq. 6).</summary>
    Squared,
}
