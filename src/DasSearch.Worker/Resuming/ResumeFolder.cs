using System.Diagnostics;
using DasSearch.Core;

namespace DasSearch.Worker.Resuming;

/// <summary>A folder that holds one saved state at a time, replaced as a whole.</summary>
/// <remarks>A small file names the folder with the current state, and is the last thing to be written.</remarks>
/// <param name="folder">The folder; need not be there.</param>
/// <param name="configSha256">What tells the settings that the state belongs to from others.</param>
/// <param name="what">What messages call the thing that is resumed.</param>
internal sealed class ResumeFolder(string folder, string configSha256, string what)
{
    private string Current => Path.Combine(folder, "current");

    /// <summary>Saves a state; what was saved before is removed afterwards.</summary>
    /// <param name="name">The state's name, another one than that of the state before.</param>
    /// <param name="write">Writes its files into the folder that it is given.</param>
    /// <exception cref="DasSearchException">It cannot be written.</exception>
    internal void Save(string name, Action<string> write)
    {
        try
        {
            var target = Directory.CreateDirectory(Path.Combine(folder, name));
            write(target.FullName);
            File.WriteAllLines(Current + ".part", [configSha256, name]);
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

    /// <summary>The name and the folder of the saved state; null where there is none.</summary>
    /// <exception cref="DasSearchException">It belongs to other settings, or cannot be read.</exception>
    internal (string Name, string Folder)? Find()
    {
        if (!File.Exists(Current))
        {
            return null;
        }

        var lines = File.ReadAllLines(Current);
        return lines.Length == 2 && lines[0] == configSha256
            ? (lines[1], Path.Combine(folder, Path.GetFileName(lines[1])))
            : throw new DasSearchException($"{folder} holds the state of a {what} with other settings: remove it, or write elsewhere");
    }

    /// <summary>Nothing is left to be resumed.</summary>
    internal void Remove()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
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
