using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>Finds the weights that belong to a plan, and holds them against the SHA-256 that the plan names.</summary>
/// <param name="path">The file that it was read from.</param>
/// <param name="database">The database that its run is to be found in, for the lines that messages have for the user; null for none.</param>
public sealed class PlanFiles(SkipPlan plan, string path, string? database = null)
{
    /// <summary>Where what the plan was trained to and its checkpoint may lie: none of these files may be written over.</summary>
    /// <param name="named">The checkpoint's file where the user names one; null to look for the plan's.</param>
    /// <param name="settings">The file of the run's settings; null where that is not known.</param>
    public IReadOnlyList<string> Places(string? named, string? settings = null) =>
    [
        .. plan.Result?.Weights is { } weights ? [Path.Combine(FolderOf(path), Path.GetFileName(weights))] : Array.Empty<string>(),
        .. (named ?? plan.Provenance.Checkpoint) is { Length: > 0 } file ? Places(file, named is not null, settings) : [],
    ];

    /// <summary>What the plan was trained to, which lies beside it.</summary>
    /// <exception cref="DasSearchException">The plan is not trained, or its weights are missing or others than it says.</exception>
    public string Trained()
    {
        if (plan.Result is not { Weights: { } name } result)
        {
            throw new DasSearchException($"{path} is not trained yet: {ShellLine.Das(database, "train", ShellLine.File(path))} trains it");
        }

        // A name, and nothing but: a plan that somebody sent must not make us read elsewhere.
        var weights = Path.Combine(FolderOf(path), Path.GetFileName(name));
        var sha256 = FileHash.Sha256(weights);
        if (MergedCheckpoint.Problem(weights) is { } merged)
        {
            throw new DasSearchException($"{weights} is not what the plan was trained to: {merged}");
        }

        return sha256 == result.WeightsSha256
            ? weights
            : throw new DasSearchException($"{weights} is not what the plan was trained to: its SHA-256 is {sha256}, expected {result.WeightsSha256}");
    }

    /// <summary>The checkpoint of the plan's backbone; null where the backbone started from fresh weights.</summary>
    /// <param name="named">The checkpoint's file where the user names one; null to look for the plan's.</param>
    /// <param name="settings">The file of the run's settings, to which the plan's path is relative; null where that is not known.</param>
    /// <exception cref="DasSearchException">It is missing, or another than the plan says.</exception>
    public string? Checkpoint(string? named, string? settings)
    {
        if ((named ?? plan.Provenance.Checkpoint) is not { } file)
        {
            return null;
        }

        var places = Places(file, named is not null, settings);
        var found = places.Find(File.Exists)
            ?? throw new DasSearchException(places.Find(Directory.Exists) is { } folder
                ? $"the plan's checkpoint is a file, and {folder} is a folder: name the file with --checkpoint FILE"
                : $"the plan's checkpoint is at none of {string.Join(", ", places)}: name it with --checkpoint FILE");
        var sha256 = FileHash.Sha256(found);
        return sha256 == plan.Provenance.CheckpointSha256
            ? found
            : throw new DasSearchException($"checkpoint {found} is not the plan's: {MergedCheckpoint.Problem(found)
                ?? $"its SHA-256 is {sha256}, expected {plan.Provenance.CheckpointSha256 ?? "none"}"}");
    }

    // A plan that was passed on may have left the settings' folder behind.
    private List<string> Places(string file, bool isNamed, string? settings)
    {
        if (file.Contains('\0', StringComparison.Ordinal))
        {
            return []; // a plan that somebody sent may say anything
        }

        var folders = isNamed
            ? [Directory.GetCurrentDirectory()]
            : new[] { settings is null ? null : FolderOf(settings), FolderOf(path), Directory.GetCurrentDirectory() }.OfType<string>();
        return [.. folders.Select(folder => Path.GetFullPath(file, folder)).Distinct()];
    }

    private static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;
}
