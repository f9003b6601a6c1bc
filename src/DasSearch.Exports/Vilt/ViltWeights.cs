using System.Globalization;
using System.Runtime.InteropServices;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Models.Backbones;

namespace DasSearch.Exports;

/// <summary>A checkpoint's weights with the trained ones in their place, and what their shapes tell of the network.</summary>
/// <param name="trained">What was trained: adapters, head, poolers; with full fine-tuning everything.</param>
/// <param name="checkpoint">The backbone's checkpoint; null where it started from fresh weights.</param>
internal sealed class ViltWeights(WeightFile trained, WeightFile? checkpoint)
{
    private static readonly string[] _classifiers = ["vqa_classifier", "nlvr2_classifier"];
    private const string Ranker = "rank_output";
    private const string FirstOfAll = "text_embeddings.word_embeddings.weight";

    /// <summary>The head that was trained.</summary>
    /// <exception cref="DasSearchException">There is none, or its shapes make no sense.</exception>
    internal PlannedHead Head()
    {
        if (Array.Find(_classifiers, name => trained.Tensors.ContainsKey(name + ".0.weight")) is { } classifier)
        {
            var first = Shape(classifier + ".0.weight", 2);
            var width = Shape("pooler.dense.weight", 2)[0];
            return first[1] == width || first[1] == 2L * width
                ? new PlannedHead(classifier, first[1] / width, first[0], Shape(classifier + ".3.weight", 2)[0])
                : throw new ExportException(
                    $"{trained.Path} has {classifier} for summaries of {first[1]}, expected one or two of the width, {width}");
        }

        return trained.Tensors.ContainsKey(Ranker + ".weight")
            ? new PlannedHead(Ranker, 1, null, Shape(Ranker + ".weight", 2)[0])
            : throw new ExportException($"{trained.Path} has none of the heads {string.Join(", ", _classifiers)}, {Ranker}");
    }

    /// <summary>The backbone's sizes but its heads; of a checkpoint, else of what was trained in full.</summary>
    /// <exception cref="DasSearchException">A weight is missing or has a shape that no ViLT has.</exception>
    internal ViltConfig Sizes(int blocks)
    {
        _ = Find(FirstOfAll); // where even that is missing, this says better why
        var source = checkpoint ?? trained;
        var shapes = source.Tensors.ToDictionary(static entry => entry.Key, static entry => entry.Value.Shape, StringComparer.Ordinal);
        return ViltCheckpoint.SizesOf(source.Path, shapes, source.Metadata, blocks, heads: 1);
    }

    /// <summary>Parameters: floating numbers, which are finite.</summary>
    /// <exception cref="DasSearchException">One is missing, of another shape or type, or not finite.</exception>
    internal IEnumerable<WeightTensor> Take(IEnumerable<ParameterShape> parameters) => parameters.Select(expected => Floating(Shaped(expected)));

    /// <summary>Channels that were chosen: whole numbers below a width.</summary>
    /// <exception cref="DasSearchException">They are missing, of another shape or type, or no channels.</exception>
    internal IEnumerable<WeightTensor> TakeChannels(IEnumerable<ParameterShape> constants, int width) => constants.Select(expected => Channels(Shaped(expected), width));

    /// <summary>Makes sure that all that was trained is there.</summary>
    /// <exception cref="ExportException">It is not.</exception>
    internal void CheckAgainst(IReadOnlyDictionary<string, WeightTensor> taken)
    {
        if (trained.Tensors.Keys.FirstOrDefault(name => !taken.ContainsKey(name)) is { } other)
        {
            throw new ExportException($"{trained.Path} has {other}, which the plan's network does not have: it belongs to another plan");
        }
    }

    private WeightTensor Shaped(ParameterShape expected)
    {
        var tensor = Find(expected.Name);
        return tensor.Shape.SequenceEqual(expected.Shape)
            ? tensor
            : throw new ExportException($"{tensor.Source} has {tensor.Name} of shape {Text(tensor.Shape)}, expected {Text(expected.Shape)}");
    }

    private static WeightTensor Channels(WeightTensor tensor, int width)
    {
        if (tensor.Type != "I64")
        {
            throw new ExportException($"{tensor.Source} has {tensor.Name} of type {tensor.Type}, expected I64");
        }

        foreach (var channel in MemoryMarshal.Cast<byte, long>(tensor.ToArray()))
        {
            if (channel < 0 || channel >= width)
            {
                throw new ExportException($"{tensor.Source} has channel {channel} in {tensor.Name}, expected 0 to {width - 1}");
            }
        }

        return tensor;
    }

    private static WeightTensor Floating(WeightTensor tensor)
    {
        if (!tensor.IsFloating)
        {
            throw new ExportException($"{tensor.Source} has {tensor.Name} of type {tensor.Type}, expected floating numbers");
        }

        var odd = tensor.Floats().FirstOrDefault(static number => !float.IsFinite(number));
        return odd == 0
            ? tensor
            : throw new ExportException(string.Create(
                CultureInfo.InvariantCulture,
                $"{tensor.Source} has {odd} in {tensor.Name}, of type {tensor.Type}, expected finite numbers of 32 bits: it is damaged, or of a training that diverged"));
    }

    private static string Text(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";

    private WeightTensor Find(string name) => trained.Tensors.GetValueOrDefault(name)
        ?? checkpoint?.Tensors.GetValueOrDefault(name)
        ?? throw new ExportException(checkpoint is null
            ? $"{trained.Path} lacks {name}, and the plan's backbone had no checkpoint but fresh weights, which were not kept"
            : $"neither {trained.Path} nor checkpoint {checkpoint.Path} has {name}: they belong to another network");

    private int[] Shape(string name, int dimensions)
    {
        var tensor = Find(name);
        return tensor.Shape.Count == dimensions && tensor.Shape.All(static size => size is > 0 and <= int.MaxValue)
            ? [.. tensor.Shape.Select(static size => (int)size)]
            : throw new ExportException($"{tensor.Source} has {name} of shape {Text(tensor.Shape)}, expected {dimensions} sizes");
    }
}
