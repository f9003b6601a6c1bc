using DasSearch.Core;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Analyses;

/// <summary>Reads what a network makes of samples, in evaluation mode and without gradients.</summary>
public static class FeatureReader
{
    /// <summary>The first token after the last norm, of each image of each sample: [images][width]; where a sample has several texts, with its first, and where texts are apart, without.</summary>
    /// <param name="network">The network; in training mode afterwards.</param>
    /// <param name="skipped">What is skipped.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="progress">Told after each batch how many are done, of how many.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static IReadOnlyList<float[]> Final(
        TransferNetwork network, Subnetwork skipped, SampleBatches samples, Action<int, int> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        var features = new List<float[]>();
        Each(network, samples, Read, progress, cancellation);
        return features;

        void Read(IBackbone backbone, BackboneInput input, Attachments attached, long each)
        {
            var streams = OfSamples(backbone, backbone.Run(input, skipped, attached).Streams).Select(static stream => stream.select(1, 0)).ToArray();
            var first = Every(cat(streams, 1), each).to(ScalarType.Float32).cpu().contiguous(); // [samples, width]
            features.AddRange(first.unbind().Select(static row => row.data<float>().ToArray()));
        }
    }

    /// <summary>How like each other features of different samples are before the first module, and after each: the mean cosine of all pairs.</summary>
    /// <remarks>
    /// PELA, arXiv:2310.10700, Fig. 2. A sample's feature at a layer is the mean of its tokens that are no padding, or its first token; of
    /// several images the first one's. With unit vectors uᵢ of N samples the mean of all pairs is (|Σ uᵢ|² − N) / (N (N − 1)).
    /// </remarks>
    /// <param name="network">The network; in training mode afterwards.</param>
    /// <param name="skipped">What is skipped.</param>
    /// <param name="samples">The samples, at least two.</param>
    /// <param name="progress">Told after each batch how many are done, of how many.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static IReadOnlyList<MeanCosine> Similarity(
        TransferNetwork network, Subnetwork skipped, SampleBatches samples, Action<int, int> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(samples);
        var sums = new double[network.Backbone.Modules.Count + 1][][]; // [layers][first token, mean token][width]
        Each(network, samples, Read, progress, cancellation);
        return [.. sums.Select(layer => new MeanCosine(Cosine(layer[0]), Cosine(layer[1])))];

        void Read(IBackbone backbone, BackboneInput input, Attachments attached, long each)
        {
            if (input.ImageNumber > 1)
            {
                return;
            }

            var state = backbone.Embed(input, attached).State();
            for (var layer = 0; layer < sums.Length; layer++)
            {
                using var scope = NewDisposeScope();
                state = layer == 0 ? state : backbone.Next(state, layer - 1, skipped, attached).Map(static tensor => tensor.MoveToOuterDisposeScope());
                var pairs = OfSamples(backbone, state.Streams.Zip(state.KeyBiases)).ToList();
                var sum = stack([UnitSum(pairs, each, First), UnitSum(pairs, each, Mean)]).cpu(); // [2, width]
                var (added, before) = (sum.unbind().Select(static row => row.data<double>().ToArray()).ToArray(), sums[layer]);
                sums[layer] = before is null ? added : [.. before.Zip(added, static (one, other) => one.Zip(other, static (x, y) => x + y).ToArray())];
            }
        }

        double Cosine(double[] sum) => (sum.Sum(static x => x * x) - samples.Samples) / ((double)samples.Samples * (samples.Samples - 1));
    }

    /// <summary>Shows every pass of every batch, and how many rows of it are one sample's.</summary>
    internal static void Each(
        TransferNetwork network, SampleBatches samples, Action<IBackbone, BackboneInput, Attachments, long> read, Action<int, int> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(progress);
        network.Train(false);
        using (no_grad())
        {
            for (var i = 0; i < samples.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var batch = samples.Batch(i).MoveTo(network.Device);
                using var scope = NewDisposeScope();
                network.Look(batch, (backbone, input, attached) => read(
                    backbone, input, attached, (backbone.Description.HasSharedSpace ? input.Images!.size(0) : input.TokenIds.size(0)) / batch.Size));
                progress(i + 1, samples.Count);
            }
        }

        network.Train(true);
    }

    private static Tensor Every(Tensor rows, long each) => each == 1 ? rows : rows.slice(0, 0, rows.size(0), each);

    // Where texts and images are apart, texts may be others than the samples', such as sentences about classes.
    private static IEnumerable<T> OfSamples<T>(IBackbone backbone, IEnumerable<T> streams) => backbone.Description.HasSharedSpace ? streams.Skip(1) : streams;

    private static Tensor UnitSum(IEnumerable<(Tensor Stream, Tensor KeyBias)> pairs, long each, Func<Tensor, Tensor, Tensor> feature)
    {
        var features = Every(cat([.. pairs.Select(pair => feature(pair.Stream, pair.KeyBias))], 1), each).to(ScalarType.Float64);
        return (features / features.norm(1, keepdim: true)).sum([0]);
    }

    private static Tensor First(Tensor stream, Tensor keyBias) => stream.select(1, 0);

    private static Tensor Mean(Tensor stream, Tensor keyBias)
    {
        var isToken = keyBias.flatten(1).eq(0).unsqueeze(2); // [batch, tokens, 1]
        return (stream * isToken).sum([1]) / isToken.sum([1]);
    }
}

/// <summary>How like each other features of different samples are, in [-1, 1].</summary>
/// <param name="FirstToken">Of the first tokens.</param>
/// <param name="MeanToken">Of the means of all tokens.</param>
public readonly record struct MeanCosine(double FirstToken, double MeanToken);
