using System.Security.Cryptography;
using DasSearch.Core;
using DasSearch.Store;

namespace DasSearch.Reporter.Exports.Weights;

/// <summary>Finds the weights that belong to a plan, and holds them against the SHA-256 that the plan names.</summary>
internal static class PlanFiles
{
    /// <summary>What the plan was trained to, which lies beside it.</summary>
    /// <exception cref="DasSearchException">The plan is not trained, or its weights are missing or others than it says.</exception>
    internal static SafetensorsFile OpenTrained(ExportRequest request)
    {
        if (request.Plan.Result is not { Weights: { } name } result)
        {
            throw new ExportException($"{request.PlanPath} is not trained yet: das train {request.PlanPath} trains it");
        }

        // A name, and nothing but: a plan that somebody sent must not make us read elsewhere.
        var path = Path.Combine(FolderOf(request.PlanPath), Path.GetFileName(name));
        var sha256 = Sha256(path);
        return sha256 == result.WeightsSha256
            ? SafetensorsFile.Open(path)
            : throw new ExportException(
                $"{path} is not what the plan was trained to: its SHA-256 is {sha256}, expected {result.WeightsSha256}");
    }

    /// <summary>The checkpoint of the plan's backbone; null where the backbone started from fresh weights.</summary>
    /// <exception cref="DasSearchException">It is missing, or another than the plan says.</exception>
    internal static SafetensorsFile? OpenCheckpoint(ExportRequest request)
    {
        if ((request.Checkpoint ?? request.Plan.Provenance.Checkpoint) is not { } named)
        {
            return null;
        }

        var places = request.Checkpoint is null ? PlacesOf(named, request) : [Path.GetFullPath(named)];
        var path = places.FirstOrDefault(File.Exists)
            ?? throw new ExportException(
                $"the plan's checkpoint is at none of {string.Join(", ", places)}: name it with --checkpoint FILE");
        var sha256 = Sha256(path);
        return sha256 == request.Plan.Provenance.CheckpointSha256
            ? SafetensorsFile.Open(path)
            : throw new ExportException(
                $"checkpoint {path} is not the plan's: its SHA-256 is {sha256}, "
                + $"expected {request.Plan.Provenance.CheckpointSha256 ?? "none"}");
    }

    // The path in a plan is relative to the folder of the run's settings, which a plan that was passed on may have left behind.
    private static List<string> PlacesOf(string checkpoint, ExportRequest request) =>
    [
        .. new[] { SettingsFolder(request), FolderOf(request.PlanPath), Directory.GetCurrentDirectory() }
            .OfType<string>()
            .Select(folder => Path.GetFullPath(checkpoint, folder))
            .Distinct(),
    ];

    private static string? SettingsFolder(ExportRequest request)
    {
        if (request.Database is null)
        {
            return null;
        }

        using var store = RunStore.Open(request.Database, TimeProvider.System);
        return PlanRun.Find(store.Read, request.Plan)?.ConfigPath is { } settings ? FolderOf(settings) : null;
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static string Sha256(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ExportException($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
