using DasSearch.Core;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>Weights that others trained, on their way into a network.</summary>
internal static class EncoderWeights
{
    /// <summary>Overwrites every parameter and buffer of a network.</summary>
    /// <param name="source">What messages call their origin.</param>
    /// <param name="tensors">Tensors by name; those that the network does not have are left aside.</param>
    /// <exception cref="DasSearchException">Some are missing or of another shape; the message names them all.</exception>
    internal static void Fill(nn.Module network, string source, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var own = network.state_dict();
        var wrong = own.Where(entry => !tensors.TryGetValue(entry.Key, out var found) || !found.shape.SequenceEqual(entry.Value.shape)).Select(entry => entry.Key).ToList();
        if (wrong.Count > 0)
        {
            throw new DasSearchException($"{source} lacks, or has of another shape, {string.Join(", ", wrong)}");
        }

        foreach (var (name, parameter) in own)
        {
            CheckpointFile.CopyWeights(source, name, tensors[name], parameter);
        }
    }
}
