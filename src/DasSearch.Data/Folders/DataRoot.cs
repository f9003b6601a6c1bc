namespace DasSearch.Data.Folders;

/// <summary>A data set's folder. What its tables call a picture becomes a path in it only where it is a plain name.</summary>
internal sealed class DataRoot
{
    /// <exception cref="DatasetException">There is no such folder.</exception>
    public DataRoot(string path)
    {
        Path = path;
        if (!Directory.Exists(path))
        {
            throw new DatasetException($"{path} is no folder, expected that of a data set.");
        }
    }

    /// <summary>The folder, in full.</summary>
    public string Path { get; }

    /// <summary>A file within it.</summary>
    public string Of(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>The first of some places where a file is.</summary>
    /// <exception cref="DatasetException">There is none.</exception>
    public string Table(params IReadOnlyList<string> places) => places.Select(Of).FirstOrDefault(File.Exists)
        ?? throw new DatasetException($"{Path} lacks {string.Join(" or ", places)}.");

    /// <summary>The first of some places where a folder is, relative to this one; the first of all where there is none.</summary>
    public string Folder(params IReadOnlyList<string> places) => places.FirstOrDefault(place => Directory.Exists(Of(place))) ?? places[0];

    /// <summary>Whether a name is that of a file or folder and of nothing else.</summary>
    public static bool IsPlain(string name) =>
        name is { Length: > 0 and < 256 } && name[0] != '.' && name.All(static letter => letter is not ('/' or '\\' or ':') && !char.IsControl(letter));
}
