using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.App;

/// <summary>What a network was trained to, as a safetensors file.</summary>
internal static class TrainedWeights
{
    /// <summary>Writes it.</summary>
    /// <exception cref="DasSearchException">It cannot be written; what was there is as it was.</exception>
    internal static void Write(TransferNetwork network, string path)
    {
        try
        {
            CheckpointFile.Write(path, network.TrainedState(), new Dictionary<string, string> { ["format"] = "pt" });
        }
        catch (OutputException failure)
        {
            throw new DasSearchException($"the trained weights {failure.Message}", failure);
        }
    }

    /// <summary>Puts it into a network.</summary>
    /// <exception cref="DasSearchException">It cannot be read, or belongs to another network.</exception>
    internal static void Load(TransferNetwork network, string path)
    {
        using var scope = NewDisposeScope();
        network.LoadTrained(CheckpointFile.Read(path).Tensors, path);
    }
}
