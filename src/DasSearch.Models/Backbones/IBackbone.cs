using DasSearch.Core;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A model as an ordered list of modules, any of which can be skipped.</summary>
/// <remarks>
/// A whole pass is Embed, Step for every module, Finish; <see cref="Pass"/> does it. States are handed in and out at every boundary, so
/// that common prefixes of several subnetworks are computed once. The skipped set is an argument: no module remembers it. With
/// nothing skipped and nothing attached the result is the untouched model's.
/// </remarks>
public interface IBackbone : IDisposable
{
    /// <summary>The backbone in numbers, its modules above all.</summary>
    BackboneDescription Description { get; }

    /// <summary>What it is, in the words of a model card.</summary>
    string Title => $"A backbone of {Description.Modules.Count} modules";

    /// <summary>What its checkpoints say of it beside their tensors, such as <c>heads</c>.</summary>
    IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>();

    /// <summary>Its parameters, under the official checkpoints' names.</summary>
    nn.Module Network { get; }

    /// <summary>Everything before the first module, in two halves: what is frozen, computed, and what is trained, to be completed.</summary>
    Embedded Embed(BackboneInput input, Attachments attached);

    /// <summary>One module, or what stands in for it.</summary>
    /// <param name="state">What the module before gave; stays the caller's. Streams that the module does not write are handed on as they are.</param>
    /// <param name="module">Its index.</param>
    /// <param name="skipped">What is skipped; without a replacement a skipped module hands its stream on.</param>
    /// <param name="attached">What a transfer method puts on the backbone.</param>
    /// <param name="tokens">How many tokens of its stream are wanted, from the first on; null for all. A backbone may compute more.</param>
    /// <exception cref="ArgumentException">The module is to run, but was not built.</exception>
    HiddenState Step(HiddenState state, int module, Subnetwork skipped, Attachments attached, long? tokens = null);

    /// <summary>Everything after the last module.</summary>
    Features Finish(HiddenState state, FeatureKind wanted, Attachments attached);
}

/// <summary>What a backbone reads: a batch of texts, and the images that go with them, where it sees any.</summary>
/// <param name="TokenIds">[batch, tokens], Int64; starts with the classification token.</param>
/// <param name="TextMask">[batch, tokens], Bool; true where there is a token, false where the text is padded.</param>
/// <param name="Images">[batch, 3, height, width], floating, normalised as the backbone expects; null for none.</param>
/// <param name="PixelMask">[batch, height, width], Bool; false where an image is padded. Null: nothing is padded.</param>
/// <param name="ImageNumber">Which of a sample's images this is, from 1; NLVR2 shows a second one.</param>
/// <remarks>
/// Owns nothing: the tensors belong to whoever made the batch. Where texts and images see nothing of each other, there may be more or fewer of one than of the other: see
/// <see cref="BackboneDescription.HasSharedSpace"/>.
/// </remarks>
public sealed record BackboneInput(
    Tensor TokenIds, Tensor TextMask, Tensor? Images = null, Tensor? PixelMask = null, int ImageNumber = 1)
{
    /// <summary>The same with each tensor mapped.</summary>
    public BackboneInput Map(Func<Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return this with
        {
            TokenIds = map(TokenIds),
            TextMask = map(TextMask),
            Images = Images is null ? null : map(Images),
            PixelMask = PixelMask is null ? null : map(PixelMask),
        };
    }
}

/// <summary>Inputs on their way into the first module.</summary>
/// <param name="Frozen">
/// What neither dropout nor a parameter that is always trained has a part in: the same whatever the training has come to, as long as
/// no method trains more.
/// </param>
/// <param name="Complete">From these to the first state, with dropout and what is trained; leaves them as they are.</param>
public sealed record Embedded(IReadOnlyList<Tensor> Frozen, Func<IReadOnlyList<Tensor>, HiddenState> Complete)
{
    /// <summary>The first state.</summary>
    public HiddenState State() => Complete(Frozen);
}

/// <summary>What passes from one module to the next, and can be kept or handed in at any boundary.</summary>
/// <param name="Streams">
/// [batch, tokens, width] each: one for ViLT, two for METER; more where a later module still reads what an earlier one has replaced.
/// </param>
/// <param name="KeyBiases">For each stream [batch, 1, 1, tokens], added to attention's scores: 0, or −∞ at padding.</param>
/// <remarks>Neighbouring states may hold the same tensors, so that whoever keeps one takes aliases of its own.</remarks>
public sealed record HiddenState(IReadOnlyList<Tensor> Streams, IReadOnlyList<Tensor> KeyBiases)
{
    /// <summary>All tensors.</summary>
    public IEnumerable<Tensor> Tensors => Streams.Concat(KeyBiases);

    /// <summary>The same masks with other streams.</summary>
    public HiddenState With(params Tensor[] streams) => this with { Streams = streams };

    /// <summary>The same with each tensor mapped.</summary>
    public HiddenState Map(Func<Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new HiddenState([.. Streams.Select(map)], [.. KeyBiases.Select(map)]);
    }

    /// <summary>The same with tokens that every sample has at the end of a stream.</summary>
    /// <param name="stream">The stream's place.</param>
    /// <param name="tokens">[tokens, width].</param>
    public HiddenState Append(int stream, Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var (x, bias) = (Streams[stream], KeyBiases[stream]);
        var (batch, count) = (x.size(0), tokens.size(0));
        var streams = Streams.ToArray();
        var biases = KeyBiases.ToArray();
        streams[stream] = cat([x, tokens.unsqueeze(0).expand(batch, -1, -1)], 1);
        biases[stream] = cat([bias, zeros([batch, 1, 1, count], bias.dtype, bias.device)], 3);
        return new HiddenState(streams, biases);
    }
}

/// <summary>What a head wants of a pass.</summary>
public enum FeatureKind
{
    /// <summary>One vector a sample; other tokens need not be computed to the end.</summary>
    Summary,

    /// <summary>Every token.</summary>
    Tokens,

    /// <summary>Every token, and the vector of the sample.</summary>
    Both,
}

/// <summary>What a pass gives to heads.</summary>
/// <param name="Streams">[batch, tokens, width] each, normalised; all tokens where these were wanted.</param>
/// <param name="Summary">[batch, summary width]; null where tokens were wanted, or a backbone has none.</param>
public sealed record Features(IReadOnlyList<Tensor> Streams, Tensor? Summary = null)
{
    /// <summary>From what tokens of the first stream have come to, [*, width], to a score for each word that may follow, [*, words]; null where a backbone has none.</summary>
    public Func<Tensor, Tensor>? Words { get; init; }

    /// <summary>Texts and images in one space; null where tokens were wanted, or a backbone has none.</summary>
    public SharedSpace? Shared { get; init; }
}

/// <summary>Texts and images in one space, where those that go together are near each other; of as many of each as there were.</summary>
/// <param name="Texts">[texts, width], of length 1.</param>
/// <param name="Images">[images, width], of length 1.</param>
/// <param name="Scale">What cosines are multiplied by to be scores, a scalar.</param>
public sealed record SharedSpace(Tensor Texts, Tensor Images, Tensor Scale)
{
    /// <summary>The score of each image with each text: [images, texts].</summary>
    public Tensor Scores()
    {
        using var scope = NewDisposeScope();
        return (Images.matmul(Texts.t()) * Scale).MoveToOuterDisposeScope();
    }

    /// <summary>The score of each image with each of its own texts, of which all have as many: [images, texts of one].</summary>
    public Tensor OwnScores()
    {
        using var scope = NewDisposeScope();
        var texts = Texts.reshape(Images.size(0), -1, Texts.size(1));
        return ((texts * Images.unsqueeze(1)).sum([2]) * Scale).MoveToOuterDisposeScope();
    }

    /// <summary>The same with each tensor mapped.</summary>
    public SharedSpace Map(Func<Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new SharedSpace(map(Texts), map(Images), map(Scale));
    }
}
