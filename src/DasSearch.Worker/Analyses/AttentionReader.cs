using DasSearch.Core;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Analyses;

/// <summary>Where tokens of a network's texts and images look: at text, at the image, at prompts (APT, arXiv:2306.15706, Fig. 3).</summary>
/// <remarks>
/// Attention is the mean of its heads. Prompts are the tokens that a method appends to the stream, which softmax weighs with all others; or those
/// of a branch beside attention, whose weights w of a token are of any sum: that token's shares are then those of 1 + Σ w, attention's 1 included.
/// </remarks>
public sealed class AttentionReader
{
    private readonly Dictionary<string, Sums> _sums = new(StringComparer.Ordinal);
    private readonly List<AttentionMap> _maps = [];
    private readonly bool _isWeighed;

    private AttentionReader(bool isWeighed) => _isWeighed = isWeighed;

    /// <summary>The shares of each attention in order, means over texts' and images' tokens that are no padding.</summary>
    public IReadOnlyList<AttentionShares> Shares => [.. _sums.Select(static entry => entry.Value.Mean(entry.Key))];

    /// <summary>The first sample's first pass at each attention, token by token.</summary>
    public IReadOnlyList<AttentionMap> Maps => _maps;

    /// <summary>Reads them, in evaluation mode and without gradients.</summary>
    /// <param name="network">The network; in training mode afterwards.</param>
    /// <param name="skipped">What is skipped.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="isWeighed">Whether weights of a branch's prompts are what they are multiplied by in the end.</param>
    /// <param name="progress">Told after each batch how many are done, of how many.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static AttentionReader Read(
        TransferNetwork network, Subnetwork skipped, SampleBatches samples, bool isWeighed, Action<int, int> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        var reader = new AttentionReader(isWeighed);
        FeatureReader.Each(network, samples, Look, progress, cancellation);
        return reader;

        void Look(IBackbone backbone, BackboneInput input, Attachments attached, long each)
        {
            var state = backbone.Embed(input, attached).State();
            var isToken = state.KeyBiases[0].flatten(1).eq(0); // [batch, tokens]: the text's first
            using var onlooker = new Onlooker(reader, isToken, (int)input.TokenIds.size(1));
            _ = backbone.Conclude(state, 0, skipped, attached with { Observer = onlooker }, FeatureKind.Tokens);
        }
    }

    /// <summary>One pass of a batch.</summary>
    private sealed class Onlooker(AttentionReader reader, Tensor isToken, int texts) : IAttentionObserver, IDisposable
    {
        private readonly bool _draws = reader._maps.Count == 0;
        private string? _place;
        private Tensor? _within; // [batch, tokens, keys]: the last attention, until it is known whether prompts are beside it
        private Tensor? _beside; // [batch, tokens, prompts]

        private int Tokens => (int)isToken.size(1);

        public bool Weighs => reader._isWeighed;

        public void Attended(string place, Tensor weights)
        {
            Flush();
            _place = place;
            _within = weights.narrow(2, 0, Tokens).to(ScalarType.Float32).mean([1]).DetachFromDisposeScope();
        }

        public void Prompted(string place, Tensor weights)
        {
            if (place == _place)
            {
                _beside = weights.narrow(1, 0, Tokens).to(ScalarType.Float32).DetachFromDisposeScope();
            }
        }

        public void Dispose() => Flush();

        private void Flush()
        {
            if (_place is not { } place || _within is not { } within)
            {
                return;
            }

            using var scope = NewDisposeScope();
            var all = within;
            if (_beside is { } beside)
            {
                all = cat([within, beside], 2);
                all = all / all.sum([2], keepdim: true);
            }

            var prompts = (int)all.size(2) - Tokens;
            var shares = stack(
                [all.narrow(2, 0, texts).sum([2]), all.narrow(2, texts, Tokens - texts).sum([2]), all.narrow(2, Tokens, prompts).sum([2])], 2); // [batch, tokens, 3]
            if (!reader._sums.TryGetValue(place, out var sums))
            {
                reader._sums.Add(place, sums = new Sums());
            }

            sums.Prompts = prompts;
            sums.Add(shares, isToken, texts);
            if (_draws)
            {
                reader._maps.Add(Map(place, all[0], isToken[0], prompts));
            }

            within.Dispose();
            _beside?.Dispose();
            (_place, _within, _beside) = (null, null, null);
        }

        private AttentionMap Map(string place, Tensor weights, Tensor valid, int prompts)
        {
            var isThere = valid.cpu().data<bool>().ToArray();
            var cells = weights.cpu().contiguous().data<float>().ToArray();
            var tokens = Enumerable.Range(0, Tokens).Where(token => isThere[token]).ToList();
            return new AttentionMap(
                place,
                [.. tokens.Where(token => token < texts)],
                [.. tokens.Where(token => token >= texts).Select(token => token - texts)],
                prompts,
                [.. tokens.Select(from => tokens.Concat(Enumerable.Range(Tokens, prompts)).Select(to => (double)cells[(from * (Tokens + prompts)) + to]).ToArray())]);
        }
    }

    /// <summary>Of an attention, what was found so far.</summary>
    private sealed class Sums
    {
        private readonly double[] _text = new double[3], _image = new double[3];
        private long _texts, _images;

        internal int Prompts { get; set; }

        internal void Add(Tensor shares, Tensor isToken, int texts)
        {
            _texts += Add(_text, shares.narrow(1, 0, texts), isToken.narrow(1, 0, texts));
            _images += Add(_image, shares.narrow(1, texts, shares.size(1) - texts), isToken.narrow(1, texts, shares.size(1) - texts));
        }

        internal AttentionShares Mean(string place) => new(place, Prompts, Of(_text, _texts), Of(_image, _images));

        private static GroupShares Of(double[] sums, long count) => new(sums[0] / count, sums[1] / count, sums[2] / count);

        private static long Add(double[] sums, Tensor shares, Tensor isToken)
        {
            var found = shares.to(ScalarType.Float64).masked_fill(isToken.logical_not().unsqueeze(2), 0).sum([0, 1]).cpu().data<double>().ToArray();
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += found[i];
            }

            return isToken.sum().item<long>();
        }
    }
}

/// <summary>Where tokens look at one attention.</summary>
/// <param name="Place">The sub-layer's name.</param>
/// <param name="Prompts">How many prompts there are.</param>
/// <param name="Text">Where texts' tokens look.</param>
/// <param name="Image">Where images' tokens look.</param>
public sealed record AttentionShares(string Place, int Prompts, GroupShares Text, GroupShares Image);

/// <summary>Shares of what tokens look at, 1 in all.</summary>
public readonly record struct GroupShares(double Text, double Image, double Prompt);

/// <summary>Where each token of a sample looks.</summary>
/// <param name="Place">The sub-layer's name.</param>
/// <param name="Texts">Places of its text's tokens in the text.</param>
/// <param name="Images">Places of its image's tokens in the image, 0 for the one that stands for all of it.</param>
/// <param name="Prompts">How many prompts there are.</param>
/// <param name="Weights">[texts, then images][texts, then images, then prompts]: shares.</param>
public sealed record AttentionMap(string Place, IReadOnlyList<int> Texts, IReadOnlyList<int> Images, int Prompts, IReadOnlyList<IReadOnlyList<double>> Weights);
