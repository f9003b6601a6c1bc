namespace DasSearch.Formats;

/// <summary>Fills folders: each file is there as a whole or not at all, and nothing else in the folder is touched.</summary>
public static class OutputFolder
{
    /// <summary>Writes all files beside first, and puts them in place once all of them are there.</summary>
    /// <remarks>The folder itself stays the same one where it is there already: a shell may stand in it, and other things may lie there.</remarks>
    /// <param name="path">The folder; need not be there.</param>
    /// <param name="kind">What is written: those files of an older one that are not written again are removed.</param>
    /// <param name="fill">Writes the files into the folder that it is given.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public static void Write(string path, FolderKind kind, Action<string> fill)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(fill);
        try
        {
            var place = OutputPlace.Of(path).Path;
            var isThere = Directory.Exists(place);
            var beside = OutputFile.Beside(isThere ? place : Path.GetDirectoryName(place)!);
            Directory.CreateDirectory(beside);
            try
            {
                fill(beside);
                if (isThere)
                {
                    Move(beside, place, kind.Own(place));
                }
                else
                {
                    Directory.Move(beside, place);
                }
            }
            finally
            {
                Remove(beside);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{path} cannot be written: {failure.Message}", failure);
        }
    }

    private static void Move(string from, string to, IReadOnlyCollection<string> older)
    {
        var names = Directory.EnumerateFiles(from).Select(static file => Path.GetFileName(file)!).ToHashSet();
        foreach (var name in names)
        {
            File.Move(Path.Combine(from, name), Path.Combine(to, name), overwrite: true);
        }

        foreach (var name in older.Where(name => !names.Contains(name)))
        {
            File.Delete(Path.Combine(to, name));
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
