using DasSearch.Core.Configuration;
using DasSearch.Core;
using DasSearch.Data.Folders;
using DasSearch.Data.Imaging;

namespace DasSearch.Data.Tasks.Folders;

/// <summary>What is in a data set's folder, and what is wrong with it, before anything is trained.</summary>
/// <param name="Layout">What a folder of its kind should have.</param>
/// <param name="Answers">Answers or classes; 0 where texts are ranked.</param>
/// <param name="Splits">Samples and pictures of each split, in their order.</param>
/// <param name="Findings">What was found out besides; faults and things to know.</param>
public sealed record FolderFacts(string Layout, int Answers, IReadOnlyList<FolderSplitFacts> Splits, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether it can be trained on.</summary>
    public bool IsWhole => !Findings.Any(static finding => finding.IsFault);
}

/// <summary>What a split has.</summary>
/// <param name="Split">Which.</param>
/// <param name="Samples">Samples.</param>
/// <param name="Pictures">Different pictures.</param>
/// <param name="FirstText">The text of the first sample; null where there is none.</param>
public sealed record FolderSplitFacts(Split Split, int Samples, int Pictures, string? FirstText);

/// <summary>Checks data sets on disk.</summary>
public static class FolderCheck
{
    /// <summary>Looks through a data set.</summary>
    /// <param name="task">The task that it is for.</param>
    /// <param name="settings">Where it is, in full, and how it is read.</param>
    /// <param name="opensPictures">Whether every picture is decoded.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="DasSearchException">There is no such task, it reads no folder, or a table is missing or none.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static FolderFacts Of(string task, DataConfig settings, bool opensPictures, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var folder = TaskTable.Named(task).Folder ?? throw new UsageException(
            $"{task} reads no folder; those that do are {string.Join(", ", TaskTable.All.Where(static entry => entry.ReadsFolder).Select(static entry => entry.Name))}.");
        var root = Root(task, folder, settings);
        var findings = new Findings();
        var samples = Gather(folder, root, settings, findings);
        if (opensPictures)
        {
            Decode(root, samples, findings, cancellation);
        }

        return new FolderFacts(
            folder.Layout,
            samples.Answers.Count,
            [.. samples.Splits.Select(static (split, i) => new FolderSplitFacts((Split)i, split.Count, PicturesOf(split).Count(), split.Count > 0 ? split[0].Text : null))],
            findings.All);
    }

    /// <summary>The folder that settings name.</summary>
    /// <exception cref="DasSearchException">They name none, or it is not there.</exception>
    internal static DataRoot Root(string task, IDataFolder folder, DataConfig settings) => settings.Root is { } root
        ? new DataRoot(root)
        : throw new ConfigException("data.root", $"is missing: {task} reads a folder with {folder.Layout}; add a line such as data: {{root: /data/{task}}}");

    /// <summary>The samples of a folder with which nothing is wrong as far as it can be told without opening pictures.</summary>
    /// <exception cref="DasSearchException">Something is; the message says what, how often and where first.</exception>
    internal static FolderSamples Read(string task, IDataFolder folder, DataRoot root, DataConfig settings)
    {
        var findings = new Findings();
        var samples = Gather(folder, root, settings, findings);
        return findings.Faults.ToList() is { Count: > 0 } faults
            ? throw new DatasetException($"{root.Path} cannot be trained on: {string.Join("; ", faults)}. {ShellLine.Das(null, "data", "check", task, "--root", root.Path)} opens every picture, too.")
            : samples;
    }

    private static FolderSamples Gather(IDataFolder folder, DataRoot root, DataConfig settings, Findings findings)
    {
        var samples = folder.Read(root, settings, findings).Of(settings.Classes ?? ClassHalf.All);
        foreach (var (i, split) in samples.Splits.Index())
        {
            if (split.Count == 0)
            {
                findings.Fault("splits without samples", EnumNames.NameOf((Split)i));
            }

            foreach (var picture in PicturesOf(split).Where(picture => !File.Exists(root.Of(picture))))
            {
                findings.Fault("missing pictures", picture);
            }
        }

        return samples;
    }

    // In order, so that the first three are the first three.
    private static void Decode(DataRoot root, FolderSamples samples, Findings findings, CancellationToken cancellation)
    {
        var pictures = samples.Splits.SelectMany(PicturesOf).Distinct(StringComparer.Ordinal).Where(picture => File.Exists(root.Of(picture))).ToList();
        foreach (var (picture, problem) in pictures.AsParallel().AsOrdered().WithCancellation(cancellation).Select(picture => (picture, Problem(root.Of(picture)))))
        {
            if (problem is not null)
            {
                findings.Fault("broken pictures", picture);
            }
        }
    }

    private static IEnumerable<string> PicturesOf(IEnumerable<FolderSample> split) =>
        split.SelectMany(static sample => sample.Pictures).Distinct(StringComparer.Ordinal);

    private static string? Problem(string path)
    {
        try
        {
            _ = PictureFile.Read(path);
            return null;
        }
        catch (DasSearchException failure)
        {
            return failure.Message;
        }
    }
}
