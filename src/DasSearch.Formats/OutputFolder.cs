namespace DasSearch.Formats;

/// <summary>A folder of files that is there as a whole or not at all.</summary>
public static class OutputFolder
{
    /// <summary>Fills a folder beside the place first and renames it, so that a failure leaves what was there.</summary>
    /// <param name="path">The folder. What is there already is replaced only if it holds nothing but files of such names.</param>
    /// <param name="isName">Whether a file of this name may be in it.</param>
    /// <param name="fill">Writes the files into the folder that it is given.</param>
    /// <exception cref="OutputException">Something else is there, or it cannot be written.</exception>
    public static void Write(string path, Predicate<string> isName, Action<string> fill)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(isName);
        ArgumentNullException.ThrowIfNull(fill);
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var (beside, old) = ($"{place}.{Environment.ProcessId}.new", $"{place}.{Environment.ProcessId}.old");
        try
        {
            CheckPlace(place, path, isName);
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
                throw new OutputException($"{path} cannot be written: {failure.Message}", failure);
            }

            throw;
        }
    }

    // Never somebody's folder of other things, which -o may name by mistake.
    private static void CheckPlace(string place, string path, Predicate<string> isName)
    {
        if (File.Exists(place))
        {
            throw new OutputException($"the output {path} is a file, but a folder is to be written");
        }

        if (Directory.Exists(place)
            && Directory.EnumerateFileSystemEntries(place).FirstOrDefault(entry => !isName(Path.GetFileName(entry))) is { } other)
        {
            throw new OutputException(
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
