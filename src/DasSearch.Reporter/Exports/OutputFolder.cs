using DasSearch.Core;

namespace DasSearch.Reporter.Exports;

/// <summary>A folder of files that is there as a whole or not at all.</summary>
internal static class OutputFolder
{
    /// <summary>Fills a folder beside the place first and renames it, so that a failure leaves what was there.</summary>
    /// <param name="path">The folder. What is there already is replaced only if it holds no other files than these.</param>
    /// <param name="names">The names of the files that may be in it.</param>
    /// <param name="fill">Writes them into the folder that it is given.</param>
    /// <returns>The files that were written, in the order of <paramref name="names"/>.</returns>
    /// <exception cref="DasSearchException">Something else is there, or it cannot be written.</exception>
    internal static IReadOnlyList<string> Write(string path, IReadOnlyList<string> names, Action<string> fill)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var (beside, old) = ($"{place}.{Environment.ProcessId}.new", $"{place}.{Environment.ProcessId}.old");
        try
        {
            CheckPlace(place, path, names);
            Directory.CreateDirectory(beside);
            fill(beside);
            if (Directory.Exists(place))
            {
                Directory.Move(place, old);
            }

            Directory.Move(beside, place);
            Remove(old);
        }
        catch (Exception failure)
        {
            Remove(beside);
            if (failure is IOException or UnauthorizedAccessException)
            {
                throw new ExportException($"{path} cannot be written: {failure.Message}", failure);
            }

            throw;
        }

        return [.. names.Select(name => Path.Combine(path, name)).Where(File.Exists)];
    }

    // Never somebody's folder of other things, which -o may name by mistake.
    private static void CheckPlace(string place, string path, IReadOnlyList<string> names)
    {
        if (File.Exists(place))
        {
            throw new ExportException($"the output {path} is a file, but this target is a folder");
        }

        if (Directory.Exists(place)
            && Directory.EnumerateFileSystemEntries(place).FirstOrDefault(entry => !names.Contains(Path.GetFileName(entry))) is { } other)
        {
            throw new ExportException(
                $"the output {path} is a folder with other things in it, such as {Path.GetFileName(other)}: name a new one with -o");
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What matters, whether the output was written, is told already.
        }
    }
}
