using System.Globalization;
using DasSearch.Cli.Planning;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Worker.Networks;

namespace DasSearch.Cli.Searching;

/// <summary>What a run's supernet was trained to, kept beside the database: <c>das truth</c> scores its subnetworks.</summary>
internal static class SupernetFile
{
    /// <summary>Keeps it.</summary>
    /// <exception cref="DasSearchException">It cannot be written.</exception>
    internal static void Write(TransferNetwork network, string database, long run)
    {
        var path = PathOf(database, run);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DasSearchException($"the supernet {path} cannot be written: {failure.Message}", failure);
        }

        TrainedWeights.Write(network, path);
    }

    /// <summary>What tells it from others.</summary>
    /// <exception cref="DasSearchException">It is not there, or cannot be read.</exception>
    internal static string Sha256(string database, long run) => FileHash.Sha256(Existing(database, run));

    /// <summary>Puts it back into a supernet of the same settings.</summary>
    /// <exception cref="DasSearchException">It is not there, cannot be read, or belongs to another network.</exception>
    internal static void Load(TransferNetwork network, string database, long run) => TrainedWeights.Load(network, Existing(database, run));

    private static string Existing(string database, long run)
    {
        var path = PathOf(database, run);
        return File.Exists(path)
            ? path
            : throw new DasSearchException($"run {run} has no supernet at {path}: a search keeps it there when it is done");
    }

    private static string PathOf(string database, long run) =>
        Path.Combine(database + ".supernets", $"run-{run.ToString(CultureInfo.InvariantCulture)}.safetensors");
}
