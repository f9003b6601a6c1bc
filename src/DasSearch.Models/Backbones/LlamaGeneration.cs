using DasSearch.Core;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>Keys and values of the tokens that a decoder has read, of one text; a layer that is skipped has none.</summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly SortedDictionary<string, (Tensor Keys, Tensor Values)> _layers = new(StringComparer.Ordinal);

    /// <summary>How many tokens have been read.</summary>
    public long Tokens { get; internal set; }

    /// <summary>The names of the attentions that it holds keys and values of.</summary>
    public IReadOnlyCollection<string> Attentions => _layers.Keys;

    /// <summary>How many numbers it holds.</summary>
    public long Count => _layers.Values.Sum(static layer => layer.Keys.numel() + layer.Values.numel());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (keys, values) in _layers.Values)
        {
            keys.Dispose();
            values.Dispose();
        }
    }

    /// <summary>Adds those of more tokens, and gives those of all: [1, heads, tokens, width] each, which stay the cache's.</summary>
    internal (Tensor Keys, Tensor Values) Extended(string attention, Tensor keys, Tensor values)
    {
        var isFirst = !_layers.TryGetValue(attention, out var before);
        var all = (
            Keys: (isFirst ? keys.clone() : cat([before.Keys, keys], 2)).DetachFromDisposeScope(),
            Values: (isFirst ? values.clone() : cat([before.Values, values], 2)).DetachFromDisposeScope());
        if (!isFirst)
        {
            before.Keys.Dispose();
            before.Values.Dispose();
        }

        return _layers[attention] = all;
    }
}

/// <summary>Writes a text on, one token after the other, each the one with the highest score.</summary>
/// <param name="model">The decoder; it is put into evaluation mode.</param>
/// <param name="skipped">What is skipped: neither computed nor kept.</param>
/// <param name="attached">What a transfer method puts on it.</param>
public sealed class GreedyWriter(Llama model, Subnetwork skipped, Attachments attached)
{
    private readonly bool _canCache = attached.Sequences.Count == 0
        && !attached.Projections.Values.Any(static projection => projection.MixesTokens)
        && !attached.Replacements.Values.Any(static replacement => replacement.MixesTokens)
        && !attached.Branches.Values.Any(static branch => branch.MixesTokens);

    /// <summary>
    /// Whether keys and values of earlier tokens are kept; else every token is read again for each new one, as it always is where a method adds tokens, or
    /// something that looks at the tokens of a whole text.
    /// </summary>
    public bool IsCached { get => field && _canCache; init; } = true;

    /// <summary>What follows a text: at most <paramref name="count"/> tokens, the last being the end where it comes.</summary>
    /// <param name="text">The text's tokens, at least one.</param>
    /// <param name="end">The token that ends a text; null for none.</param>
    /// <exception cref="ArgumentException">The text is empty, or what is skipped is of another number of modules.</exception>
    public IReadOnlyList<long> Continue(IReadOnlyList<long> text, int count, long? end = null)
    {
        using var cache = new KeyValueCache();
        return Continue(text, count, end, cache);
    }

    internal IReadOnlyList<long> Continue(IReadOnlyList<long> text, int count, long? end, KeyValueCache cache)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfZero(text.Count, nameof(text));
        ArgumentNullException.ThrowIfNull(skipped);
        if (skipped.Modules != model.Description.Modules.Count)
        {
            throw new ArgumentException($"The subnetwork is one of {skipped.Modules} modules, the decoder has {model.Description.Modules.Count}.", nameof(text));
        }

        using var unrecorded = no_grad();
        model.eval();
        var all = text.ToList();
        while (all.Count < text.Count + count && (all.Count == text.Count || all[^1] != end))
        {
            using var scope = NewDisposeScope();
            var scores = IsCached ? Advance(all, cache) : Read(all);
            all.Add(scores.argmax(-1).item<long>());
        }

        return all[text.Count..];
    }

    private Tensor Advance(List<long> all, KeyValueCache cache) => model.Advance(Ids(all[(int)cache.Tokens..]), cache, skipped, attached);

    private Tensor Read(List<long> all)
    {
        var ids = Ids(all);
        var features = model.Run(new BackboneInput(ids, ones_like(ids, ScalarType.Bool)), skipped, attached, FeatureKind.Tokens);
        return features.Words!(features.Streams[0].select(1, all.Count - 1));
    }

    private Tensor Ids(List<long> tokens) => tensor(tokens.ToArray(), device: model.Device).unsqueeze(0);
}
