using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>A kind of file that das writes.</summary>
/// <param name="Name">What messages call one, such as <c>plan</c>.</param>
/// <param name="IsOwn">Whether the file at a path, which is there and not empty, is one that das wrote.</param>
public sealed record OutputKind(string Name, Func<string, bool> IsOwn)
{
    private const int Beginning = 4096;

    /// <summary>A kind that nothing tells from what others write.</summary>
    public static OutputKind Unmarked { get; } = new("file", static _ => false);

    /// <summary>A kind that is told by how its files begin.</summary>
    /// <param name="name">What messages call one.</param>
    /// <param name="pattern">What the first 4096 bytes match, read as UTF-8.</param>
    public static OutputKind Begins(string name, string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Singleline);
        return new OutputKind(name, path => regex.IsMatch(BeginningOf(path)));
    }

    /// <summary>The first bytes of a file as text; nothing where it cannot be read.</summary>
    public static string BeginningOf(string path) => Encoding.UTF8.GetString(BytesOf(path, Beginning));

    internal static byte[] BytesOf(string path, int count)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[count];
            return bytes[..file.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <summary>A kind of folder that das fills.</summary>
/// <param name="Name">What messages call one, such as <c>report</c>.</param>
/// <param name="Own">The names of those files in a folder that das wrote, whatever else is there.</param>
public sealed record FolderKind(string Name, Func<string, IReadOnlyCollection<string>> Own);

/// <summary>The one rule of what is written over, for every command: nothing but what is empty and what das wrote itself, unless the user insists.</summary>
/// <remarks>
/// Never, whatever the user says: what the output is made of, a database of das, and what das keeps beside one to go on from. With
/// <c>--force</c> only: a file that das did not write, or of another kind. All of it is found out before the work begins, as is whether the
/// place can be written at all. Devices and pipes are as empty as an empty file.
/// </remarks>
/// <param name="isForced">Whether the user insists.</param>
/// <param name="option">How another output is named, such as <c>-o</c>.</param>
/// <param name="sources">The files that the output is made of; null and missing ones are passed over.</param>
public sealed partial class OutputGuard(bool isForced, string option, params IEnumerable<string?> sources)
{
    /// <summary>The number by which a database says that it is one of das: "DASS" in ASCII.</summary>
    public const int DatabaseApplication = 0x44415353;

    private const int HeaderBytes = 72;
    private const int ApplicationAt = 68;

    private readonly HashSet<string> _sources = [.. sources.OfType<string>().Where(static path => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal)).Select(OutputPlace.Real)];
    private readonly HashSet<string> _claimed = [];

    /// <summary>Makes sure that a file can be written, and may be; each file of one command once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What is to be written.</param>
    /// <param name="what">What messages call it.</param>
    /// <param name="needsFolder">Whether other files go beside it, so that it must be a file.</param>
    /// <exception cref="OutputUsageException">It may not be written over, or there is no place for it.</exception>
    /// <exception cref="OutputException">Its folder cannot be written.</exception>
    public void Claim(string path, OutputKind kind, string what = "output", bool needsFolder = false)
    {
        var place = Check(path, kind, what, needsFolder);
        if (place.IsInAFolder && !_claimed.Add(place.Path))
        {
            throw Refusal($"the {what} {path} would be written twice");
        }
    }

    /// <summary>The same, once more, right before it is written: much may have happened meanwhile.</summary>
    public OutputPlace Check(string path, OutputKind kind, string what = "output", bool needsFolder = false)
    {
        ArgumentNullException.ThrowIfNull(kind);
        var place = PlaceOf(path, what);
        if (needsFolder && !place.IsInAFolder)
        {
            throw Refusal($"the {what} {path} must be a file, since others lie beside it");
        }

        if (Directory.Exists(place.Path) || path.EndsWith(Path.DirectorySeparatorChar))
        {
            throw Refusal($"the {what} {path} is a folder, but a file is to be written");
        }

        CheckFolder(path, place, what);
        CheckSources(path, place.Path, what);
        if (place.IsWrittenInto)
        {
            return place;
        }

        CheckOwn(path, place.Path, what, isForced || !File.Exists(place.Path) || kind.IsOwn(place.Path), kind.Name);
        CheckWritable(path, Path.GetDirectoryName(place.Path)!);
        return place;
    }

    /// <summary>Makes sure that something can have a name.</summary>
    public void CheckName(string path, string what) => _ = PlaceOf(path, what);

    /// <summary>Makes sure that a folder can be filled, and may be.</summary>
    /// <param name="path">The folder; need not be there.</param>
    /// <param name="kind">What is to be written.</param>
    /// <param name="names">The names of its files, as far as they are known.</param>
    /// <exception cref="OutputUsageException">Something there may not be written over, or there is no place for it.</exception>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    public void ClaimFolder(string path, FolderKind kind, params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(kind);
        const string What = "output";
        var place = PlaceOf(path, What);
        if (!place.IsInAFolder || File.Exists(place.Path))
        {
            throw Refusal($"the {What} {path} is a file, but a folder is to be written");
        }

        CheckFolder(path, place, What);
        CheckSources(path, place.Path, What);
        if (!Directory.Exists(place.Path))
        {
            CheckWritable(path, Path.GetDirectoryName(place.Path)!);
            return;
        }

        var own = kind.Own(place.Path);
        foreach (var name in names)
        {
            var (shown, file) = (Path.Combine(path, name), Path.Combine(place.Path, name));
            if (Directory.Exists(file))
            {
                throw Refusal($"the {What} {shown} is a folder, but a file is to be written");
            }

            CheckSources(shown, OutputPlace.Real(file), What);
            CheckOwn(shown, file, What, isForced || !File.Exists(file) || new FileInfo(file).Length == 0 || own.Contains(name), $"file of a {kind.Name}");
        }

        CheckWritable(path, place.Path);
    }

    /// <summary>Whether a file is a database of das.</summary>
    public static bool IsDatabase(string path) => ApplicationOf(path) == DatabaseApplication;

    /// <summary>The number of the application that an SQLite file says it is of; null for other files.</summary>
    /// <remarks>It is at byte 68: https://www.sqlite.org/fileformat2.html.</remarks>
    public static int? ApplicationOf(string path) =>
        new FileInfo(path) is { Exists: true, Length: >= HeaderBytes } // not a pipe, whose reader would wait
        && OutputKind.BytesOf(path, HeaderBytes) is { Length: HeaderBytes } header
        && header.AsSpan().StartsWith("SQLite format 3\0"u8)
            ? BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(ApplicationAt))
            : null;

    private OutputPlace PlaceOf(string path, string what)
    {
        try
        {
            var place = OutputPlace.Of(path);
            if (place.Descriptor is null)
            {
                _ = File.GetAttributes(place.Path);
            }
            else if (!OutputPlace.IsOpen(place.Descriptor.Value))
            {
                throw Refusal($"the {what} {path} is not open");
            }

            return place;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return OutputPlace.Of(path);
        }
        catch (PathTooLongException)
        {
            throw Refusal(string.Create(
                CultureInfo.InvariantCulture, $"the {what} {path} has a name of {Encoding.UTF8.GetByteCount(Path.GetFileName(path))} bytes, more than the file system allows"));
        }
        catch (ArgumentException) // a character that no name can have
        {
            throw Refusal($"the {what} {path.Replace('\0', '?')} cannot be the name of a file");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"the {what} {path} cannot be written: {failure.Message}", failure);
        }
    }

    // Without a remedy: scripts and people read where the folder should be.
    private static void CheckFolder(string path, OutputPlace place, string what)
    {
        if (place.Descriptor is null && Path.GetDirectoryName(place.Path) is { } folder && !Directory.Exists(folder))
        {
            throw new OutputUsageException($"the {what} {path} lies in {folder}, which is no folder");
        }
    }

    private void CheckSources(string path, string real, string what)
    {
        if (_sources.Contains(real) || (BelongsTo(real) is { } database && _sources.Contains(database)))
        {
            throw Refusal($"the {what} {path} would replace what it is made of");
        }

        if (IsDatabase(real))
        {
            throw Refusal($"the {what} {path} is a database of das");
        }

        if (BelongsTo(real) is { } other && IsDatabase(other))
        {
            throw Refusal($"the {what} {path} belongs to the database {other}");
        }

        for (var above = Path.GetDirectoryName(real); above is not null; above = Path.GetDirectoryName(above))
        {
            if (KeptFolder().IsMatch(above) && Directory.Exists(above) && IsKept(above))
            {
                throw Refusal($"the {what} {path} lies in {above}, which das keeps to go on from");
            }
        }
    }

    // What SQLite keeps beside a database.
    private static string? BelongsTo(string real) => Beside().Match(real) is { Success: true } match ? match.Groups[1].Value : null;

    // As das makes such folders, and nobody else is likely to.
    private static bool IsKept(string folder) =>
        File.Exists(KeptFolder().Replace(folder, ""))
        || Directory.EnumerateFileSystemEntries(folder).Select(static entry => Path.GetFileName(entry)!).Any(static name => name == "current" || name.StartsWith("run-", StringComparison.Ordinal));

    private void CheckOwn(string path, string real, string what, bool isAllowed, string kind)
    {
        if (!isAllowed)
        {
            throw new OutputUsageException(
                $"the {what} {path} is there already, and is no {kind} that das wrote: name another one with {option}, or replace it with --force");
        }
    }

    private static void CheckWritable(string path, string folder)
    {
        try
        {
            var beside = OutputFile.Beside(folder);
            File.Create(beside).Dispose();
            File.Delete(beside);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"the output {path} cannot be written: {failure.Message}", failure);
        }
    }

    private OutputUsageException Refusal(string sentence) => new($"{sentence}: name another one with {option}");

    [GeneratedRegex(@"^(.+)-(?:wal|shm|journal)\z")]
    private static partial Regex Beside();

    [GeneratedRegex(@"\.(?:state|supernets)\z")]
    private static partial Regex KeptFolder();
}

/// <summary>An output may not be written over, or cannot be where it is to be: another one has to be named.</summary>
public sealed class OutputUsageException(string message) : UsageException(message);
