using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Worker.Resuming;

/// <summary>A folder that holds one saved state at a time, replaced as a whole.</summary>
/// <remarks>
/// A small file names the folder with the current state, and is the last thing to be written. It has the SHA-256 of every file in there, and
/// of itself: whatever a full disk, a power cut or a copy left out is found before anything is read.
/// </remarks>
/// <param name="folder">The folder; need not be there.</param>
/// <param name="configSha256">What tells the settings that the state belongs to from others.</param>
/// <param name="what">What messages call the thing that is resumed.</param>
/// <param name="again">What begins it anew once the folder is removed.</param>
internal sealed class ResumeFolder(string folder, string configSha256, string what, string again)
{
    private const string Header = "das state 2";
    private const int Hash = 2 * SHA256.HashSizeInBytes;
    private const string NotAsSaved = "it is not as it was saved";

    private string Current => Path.Combine(folder, "current");

    /// <summary>Saves a state; what was saved before is removed afterwards.</summary>
    /// <param name="name">The state's name, another one than that of the state before.</param>
    /// <param name="write">Writes its files into the folder that it is given.</param>
    /// <exception cref="DasSearchException">It cannot be written.</exception>
    internal void Save(string name, Action<string> write)
    {
        try
        {
            var target = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            write(target);
            var files = Directory.GetFiles(target).Order(StringComparer.Ordinal).Select(file => $"{HashOf(file)} {Path.GetFileName(file)}");
            string[] lines = [Header, configSha256, name, .. files];
            File.WriteAllLines(Current + ".part", [.. lines, HashOf(lines)]);
            File.Move(Current + ".part", Current, overwrite: true);
            foreach (var old in Directory.GetDirectories(folder).Where(path => Path.GetFileName(path) != name))
            {
                Directory.Delete(old, recursive: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DasSearchException)
        {
            throw new DasSearchException($"the state for resuming cannot be saved in {folder}: {failure.Message}", failure);
        }
    }

    /// <summary>What a saved state says.</summary>
    /// <param name="read">Reads it: its name, and the folder with its files.</param>
    /// <param name="none">What there is where nothing was saved.</param>
    /// <exception cref="DasSearchException">It belongs to other settings, is damaged, or cannot be read.</exception>
    internal T Read<T>(Func<string, string, T> read, T none)
    {
        if (!File.Exists(Current))
        {
            return none;
        }

        var lines = Sound(Current, () => File.ReadAllLines(Current));
        var files = Sound(Current, () => FilesOf(lines));
        var (key, name) = files is null ? (lines[0], lines[1]) : (lines[1], lines[2]);
        if (key != configSha256)
        {
            throw new DasSearchException($"{folder} holds the state of a {what} with other settings: remove it, or write elsewhere");
        }

        var state = Path.Combine(folder, Path.GetFileName(name));
        foreach (var line in files ?? [])
        {
            var (hash, file) = (line[..Hash], Path.Combine(state, Path.GetFileName(line[(Hash + 1)..])));
            Sound(file, () => HashOf(file) == hash ? hash : throw new InvalidDataException(NotAsSaved));
        }

        return Sound(state, () => read(name, state));
    }

    /// <summary>Nothing is left to be resumed.</summary>
    internal void Remove()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private T Sound<T>(string at, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new DasSearchException($"the saved state {at} cannot be read: make it readable, or remove the folder {folder}, and {again} begins anew", refused);
        }
        catch (Exception damage) when (damage is IOException or InvalidDataException or DasSearchException or FormatException or ArgumentException
            or OverflowException or IndexOutOfRangeException or KeyNotFoundException or ExternalException)
        {
            throw new DasSearchException(
                $"the saved state is damaged: remove the folder {folder}, and {again} begins anew ({at}: {damage.Message.Split('\n')[0]})", damage);
        }
    }

    // The lines that tell of files; null for a state of das before these were told of, whose two lines are key and name.
    private static string[]? FilesOf(string[] lines)
    {
        if (lines is [{ Length: Hash }, _])
        {
            return null;
        }

        return lines is [Header, _, _, .. var files, var own] && own == HashOf(lines[..^1])
            ? files
            : throw new InvalidDataException(NotAsSaved);
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string HashOf(string[] lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
}

/// <summary>Says when a state is saved again: as soon as saving has taken at most a twentieth of the time.</summary>
/// <remarks>So little work is lost where saving is quick, and little time where it is slow.</remarks>
internal sealed class SavePace
{
    private const int Share = 20;

    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan _cost;

    /// <summary>Whether it is time to save.</summary>
    internal bool IsDue => _since.Elapsed >= Share * _cost;

    /// <summary>Saves, and finds out how long that takes.</summary>
    internal void Save(Action save)
    {
        var clock = Stopwatch.StartNew();
        save();
        _cost = clock.Elapsed;
        _since.Restart();
    }
}
