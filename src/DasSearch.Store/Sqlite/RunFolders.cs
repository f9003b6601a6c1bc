using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Store.Sqlite;

/// <summary>Files and locks of runs, in folders beside the database.</summary>
/// <remarks>
/// Of <c>das.db</c>, the artifact <c>supernet.safetensors</c> of run 3 is <c>das.db.supernets/run-3.safetensors</c>; what run 3 goes on from
/// when it is interrupted lies in <c>das.db.state/run-3</c>, with the file that tells that a process has it.
/// </remarks>
/// <param name="database">The database's file.</param>
internal sealed class RunFolders(string database) : IRunArtifacts
{
    /// <summary>The database that they lie beside, as it was named.</summary>
    internal string Database => database;

    /// <inheritdoc/>
    public void Write(long run, string name, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var path = PathOf(run, name);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            write(path + ".new");
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the {Path.GetFileNameWithoutExtension(name)} {path} cannot be written: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public string Find(long run, string name)
    {
        var path = PathOf(run, name);
        return File.Exists(path)
            ? path
            : throw new StoreException($"run {run} has no {Path.GetFileNameWithoutExtension(name)} at {path}: a search keeps it there when it is done");
    }

    /// <summary>Takes a run.</summary>
    /// <exception cref="StoreException">Another process has it, or the folder cannot be written.</exception>
    internal IRunLock Lock(long run, bool isNew)
    {
        var taken = new HeldFolder(StateOf(run), run);
        if (isNew)
        {
            taken.ClearAway();
        }

        return taken;
    }

    /// <summary>The run as it is: one that calls itself running, and that no process has, was stopped. Nothing is made or removed to find that out.</summary>
    internal RunSummary AsItIs(RunSummary run) => run.Status == RunStatus.Running && !HeldFolder.IsHeld(StateOf(run.Run))
        ? run with { Status = RunStatus.Stopped }
        : run;

    private string StateOf(long run) => Path.Combine(database + ".state", NameOf(run));

    private static string NameOf(long run) => $"run-{run.ToString(CultureInfo.InvariantCulture)}";

    private string PathOf(long run, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Path.Combine($"{database}.{Path.GetFileNameWithoutExtension(name)}s", NameOf(run) + Path.GetExtension(name));
    }
}

/// <summary>A run's own folder, held by a lock on a file in it for as long as this process lives.</summary>
internal sealed class HeldFolder : IRunLock
{
    private const string LockName = "lock";

    // Who only looks whether a run is held has its lock for a moment, too.
    private const int Tries = 20;
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(10);

    private readonly string _folder;
    private readonly FileStream _lock;

    /// <exception cref="StoreException">Another process has it, or the folder cannot be written.</exception>
    internal HeldFolder(string folder, long run)
    {
        _folder = folder;
        var file = Path.Combine(folder, LockName);
        try
        {
            Directory.CreateDirectory(folder);
            _lock = Take(file);
        }
        catch (IOException failure) when (File.Exists(file))
        {
            throw new StoreException($"run {run} is being computed by another process: {folder} is locked", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the folder {folder}, for resuming, cannot be written: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public string? SetAside { get; private set; }

    /// <inheritdoc/>
    public string Folder(string name) => Path.Combine(_folder, name);

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

    /// <summary>Whether a process has the run.</summary>
    internal static bool IsHeld(string folder)
    {
        try
        {
            // A lock that many may have at a time, but nobody beside the process that has the run.
            using var free = new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static FileStream Take(string file)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (left > 1 && File.Exists(file))
            {
                Thread.Sleep(_moment);
            }
        }
    }

    /// <summary>Sets aside what there is, which somebody may miss.</summary>
    internal void ClearAway()
    {
        if (Directory.GetDirectories(_folder) is not { Length: > 0 } left)
        {
            return;
        }

        var name = Enumerable.Range(1, int.MaxValue).Select(number => string.Create(CultureInfo.InvariantCulture, $"{_folder}.{number}")).First(path => !Path.Exists(path));
        SetAside = name;
        Directory.CreateDirectory(name);
        foreach (var folder in left)
        {
            Directory.Move(folder, Path.Combine(name, Path.GetFileName(folder)));
        }
    }
}
