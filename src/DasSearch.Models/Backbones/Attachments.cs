using DasSearch.Core;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>What a transfer method puts on a backbone, by the names of the places; the backbone asks there and knows nothing else of it.</summary>
/// <remarks>Owns nothing: the modules belong to whoever attached them.</remarks>
public sealed record Attachments
{
    /// <summary>The backbone as it is, with skipped modules passing their input on.</summary>
    public static Attachments None { get; } = new();

    /// <summary>Around a named Linear or norm: see <see cref="BackboneDescription.Projections"/>.</summary>
    public IReadOnlyDictionary<string, Projection> Projections { get; init; } = new Dictionary<string, Projection>();

    /// <summary>At a sub-layer: see <see cref="BackboneDescription.SubLayers"/>.</summary>
    public IReadOnlyDictionary<string, Branch> Branches { get; init; } = new Dictionary<string, Branch>();

    /// <summary>Before a module.</summary>
    public IReadOnlyDictionary<string, TokenSequence> Sequences { get; init; } = new Dictionary<string, TokenSequence>();

    /// <summary>Instead of a skipped module.</summary>
    public IReadOnlyDictionary<string, Replacement> Replacements { get; init; } = new Dictionary<string, Replacement>();

    /// <summary>Looks on while tokens attend; null for nobody, which costs nothing.</summary>
    public IAttentionObserver? Observer { get; init; }

    /// <summary>Checks that every place is there.</summary>
    /// <exception cref="DasSearchException">One is not; the message names it.</exception>
    public void CheckAgainst(BackboneDescription backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        var modules = backbone.Modules.Select(static module => module.Name);
        Check(Projections.Keys, backbone.Projections.Concat(backbone.EncoderNorms).Select(static place => place.Name), "projection");
        Check(Branches.Keys, backbone.SubLayers.SelectMany(static place => new[] { place.Name, place.Normed }).OfType<string>(), "sub-layer");
        Check(Sequences.Keys, modules, "module");
        Check(Replacements.Keys, modules, "module");
    }

    /// <summary>A Linear's or norm's result, with what is around it.</summary>
    public Tensor Project(string place, Func<Tensor, Tensor> own, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(own);
        return Projections.TryGetValue(place, out var around) ? around.Apply(own, input) : own(input);
    }

    /// <summary>A sub-layer's result, with what is at it; the residual is added afterwards.</summary>
    /// <param name="stream">The residual stream, whose tokens are those of <paramref name="output"/>.</param>
    /// <param name="read">What the sub-layer read of these tokens: the stream itself, or in pre-norm models the norm of it.</param>
    /// <param name="output">What it gave.</param>
    public Tensor Join(string place, Tensor stream, Tensor read, Tensor output)
    {
        if (!Branches.TryGetValue(place, out var branch))
        {
            return output;
        }

        if (Observer is { } observer && branch.Attention(read, observer.Weighs) is { } weights)
        {
            observer.Prompted(place, weights);
        }

        return branch.call(stream, read, output);
    }

    /// <summary>What a skipped module's stream becomes; the same tensor where nothing replaces it and all of it is wanted.</summary>
    /// <param name="tokens">How many of the tokens are wanted, from the first on; null for all.</param>
    /// <param name="crossed">What there is beside it where the module attends to another stream; null where it does not.</param>
    /// <param name="norm">The norm that the module begins with, [batch, tokens, width] to the same; null where it begins with none that is there.</param>
    public Tensor Replace(string module, Tensor input, long? tokens, CrossedStreams? crossed = null, Func<Tensor, Tensor>? norm = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        var replacement = Replacements.GetValueOrDefault(module);
        var isWhole = replacement is { MixesTokens: true };
        var read = isWhole ? input : First(input, tokens);
        var replaced = replacement is null ? read
            : norm is not null ? replacement.Normed(read, norm)
            : crossed is null ? replacement.call(read)
            : replacement.Cross(read, isWhole ? crossed : crossed with { Layer = First(crossed.Layer, tokens) });
        return First(replaced, tokens);
    }

    /// <summary>What the sub-layer behind a skipped one reads in place of its norm of the stream, which stays; null where what is skipped changes the stream, or hands it on.</summary>
    /// <param name="norm">The norm that the skipped one begins with.</param>
    public Tensor? HandOn(string module, Tensor input, Func<Tensor, Tensor> norm) =>
        Replacements.TryGetValue(module, out var replacement) && replacement.HandsOn ? replacement.HandOn(input, norm) : null;

    private static Tensor First(Tensor x, long? tokens) => tokens is { } count && count < x.size(1) ? x.narrow(1, 0, count) : x;

    private static void Check(IEnumerable<string> named, IEnumerable<string> there, string what)
    {
        var known = there.ToHashSet(StringComparer.Ordinal);
        if (named.FirstOrDefault(name => !known.Contains(name)) is { } missing)
        {
            throw new DasSearchException($"something is attached to the {what} {missing}, which the backbone does not have");
        }
    }
}

/// <summary>Around a Linear or norm, such as LoRA: may change what goes in and what comes out, or do without it.</summary>
public abstract class Projection(string name) : nn.Module(name)
{
    /// <summary>Whether <see cref="Merge"/> can put it into the layer's own weights exactly.</summary>
    public virtual bool IsMergeable => false;

    /// <summary>Whether what it does to a token depends on other tokens.</summary>
    public virtual bool MixesTokens => false;

    /// <summary>The layer's new result.</summary>
    /// <param name="own">The layer as it was.</param>
    /// <param name="input">[batch, tokens, width].</param>
    public abstract Tensor Apply(Func<Tensor, Tensor> own, Tensor input);

    /// <summary>Puts it into the layer's own weights; called without gradients, and only where <see cref="IsMergeable"/>.</summary>
    public virtual void Merge(nn.Module layer) => throw new NotSupportedException($"{GetName()} cannot be merged.");
}

/// <summary>
/// At a sub-layer, such as an adapter: from the residual stream, what the sub-layer read and what it gave, [batch, tokens, width] each, to
/// what goes on to the residual. See <see cref="Attachments.Join"/>.
/// </summary>
public abstract class Branch(string name) : nn.Module<Tensor, Tensor, Tensor, Tensor>(name)
{
    /// <summary>Whether what a token gets depends on other tokens.</summary>
    public virtual bool MixesTokens => false;

    /// <summary>How much each token gets of each prompt that the branch has: [batch, tokens, prompts], at least 0; null where it has no such thing.</summary>
    /// <param name="read">What the sub-layer reads.</param>
    /// <param name="weighed">Whether as it is weighed in the end.</param>
    public virtual Tensor? Attention(Tensor read, bool weighed) => null;
}

/// <summary>Adds tokens before a module, such as prompts.</summary>
public abstract class TokenSequence(string name) : nn.Module(name)
{
    /// <summary>Whether the tokens stay in the modules after this one; else they are seen by it alone, where it is kept.</summary>
    public virtual bool Stays => false;

    /// <summary>The state with more tokens, and their mask, at the ends of its streams: see <see cref="HiddenState.Append"/>.</summary>
    public abstract HiddenState Extend(HiddenState state);
}

/// <summary>Runs instead of a skipped module: its stream [batch, tokens, width] to what it is then, residual included.</summary>
public abstract class Replacement(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Whether what a token gets depends on other tokens.</summary>
    public virtual bool MixesTokens => false;

    /// <summary>The same instead of an attention to another stream; by default it does without the other stream.</summary>
    public virtual Tensor Cross(Tensor input, CrossedStreams streams) => call(input);

    /// <summary>The same instead of a module that begins with a norm; by default it does without the norm.</summary>
    public virtual Tensor Normed(Tensor input, Func<Tensor, Tensor> norm) => call(input);

    /// <summary>Whether it leaves the stream as it is, and gives the sub-layer behind it something to read: see <see cref="HandOn"/>.</summary>
    public virtual bool HandsOn => false;

    /// <summary>What the next sub-layer reads, [batch, tokens, width], but for the weight of its norm, which is still put on it; asked only where <see cref="HandsOn"/>.</summary>
    public virtual Tensor HandOn(Tensor input, Func<Tensor, Tensor> norm) => throw new NotSupportedException($"{GetName()} hands nothing on.");
}

/// <summary>What a skipped attention to another stream has beside the residual.</summary>
/// <param name="Layer">What its layer read of its own stream, [batch, tokens, width].</param>
/// <param name="Context">The other stream, [batch, its tokens, width].</param>
public sealed record CrossedStreams(Tensor Layer, Tensor Context);
