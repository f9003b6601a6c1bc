using System.Globalization;
using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Search;
using DasSearch.Worker.Exhaustive;

namespace DasSearch.Cli.Searching;

/// <summary>A run that this process computes, and no other one does meanwhile.</summary>
/// <remarks>Its folder lies beside the database, with what an interrupted run goes on from.</remarks>
internal sealed class HeldRun : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;

    private HeldRun(string folder, FileStream held) => (_folder, _lock) = (folder, held);

    /// <summary>Takes a run that has just begun: what a run of the same number left behind, whose database is gone, is removed.</summary>
    /// <exception cref="DasSearchException">Another process has it, or the folder cannot be written.</exception>
    internal static HeldRun TakeNew(string database, long run)
    {
        var held = Take(database, run);
        foreach (var left in Directory.EnumerateDirectories(held._folder))
        {
            Directory.Delete(left, recursive: true);
        }

        return held;
    }

    /// <summary>Takes a run.</summary>
    /// <exception cref="DasSearchException">Another process has it, or the folder cannot be written.</exception>
    internal static HeldRun Take(string database, long run)
    {
        var folder = Path.Combine(database + ".state", $"run-{run.ToString(CultureInfo.InvariantCulture)}");
        var file = Path.Combine(folder, "lock");
        try
        {
            Directory.CreateDirectory(folder);
            return new HeldRun(folder, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (File.Exists(file))
        {
            throw new DasSearchException($"run {run} is being computed by another process: {folder} is locked", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DasSearchException($"the folder {folder}, for resuming, cannot be written: {failure.Message}", failure);
        }
    }

    /// <summary>What an interrupted search goes on from.</summary>
    internal SearchState State(string configSha256) => new(Path.Combine(_folder, "search"), configSha256);

    /// <summary>What an interrupted <c>das truth</c> goes on from.</summary>
    internal ExhaustiveState Truth(int skip, Split split, int batchSize, string supernetSha256)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"truth-{skip}-{EnumNames.NameOf(split)}-{batchSize}");
        return new ExhaustiveState(Path.Combine(_folder, name), supernetSha256);
    }

    /// <summary>Lets go of the run; a folder with nothing to go on from is removed. May be called again.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (Directory.Exists(_folder) && !Directory.EnumerateDirectories(_folder).Any())
        {
            Directory.Delete(_folder, recursive: true);
            var above = Path.GetDirectoryName(_folder)!;
            if (!Directory.EnumerateFileSystemEntries(above).Any())
            {
                Directory.Delete(above);
            }
        }
    }
}
