using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Models.Checkpoints;
using DasSearch.Store;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.App;

/// <summary>What a network was trained to, as a safetensors file.</summary>
internal static class TrainedWeights
{
    private const string Training = "das_training";

    /// <summary>Writes it.</summary>
    /// <param name="key">What tells the training from others.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    internal static void Write(TransferNetwork network, string path, string key)
    {
        try
        {
            CheckpointFile.Write(path, network.TrainedState(), new Dictionary<string, string> { ["format"] = "pt", [Training] = key });
        }
        catch (OutputException failure)
        {
            throw new OutputException($"the trained weights {failure.Message}", failure);
        }
    }

    /// <summary>The key of the training that wrote a file; null where none did.</summary>
    internal static string? KeyOf(string path)
    {
        try
        {
            return SafetensorsFile.Open(path).Metadata.GetValueOrDefault(Training);
        }
        catch (DasSearchException)
        {
            return null; // something else
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

/// <summary>What a run's supernet was trained to, kept with the run: <c>das truth</c> scores its subnetworks.</summary>
internal static class SupernetFile
{
    private const string Name = "supernet.safetensors";

    /// <summary>Keeps it.</summary>
    /// <exception cref="DasSearchException">It cannot be written.</exception>
    internal static void Write(TransferNetwork network, IRunStore store, long run) =>
        store.Artifacts.Write(run, Name, path => CheckpointFile.Write(path, network.TrainedState(), new Dictionary<string, string> { ["format"] = "pt" }));

    /// <summary>What tells it from others.</summary>
    /// <exception cref="DasSearchException">It is not there, or cannot be read.</exception>
    internal static string Sha256(IRunStore store, long run) => FileHash.Sha256(store.Artifacts.Find(run, Name));

    /// <summary>Puts it back into a supernet of the same settings.</summary>
    /// <exception cref="DasSearchException">It is not there, cannot be read, or belongs to another network.</exception>
    internal static void Load(TransferNetwork network, IRunStore store, long run) => TrainedWeights.Load(network, store.Artifacts.Find(run, Name));
}
